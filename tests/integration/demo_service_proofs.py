"""Edge cases of deliveries, cases, plans and leads, each with a query that finds it by `named`."""

LINE = "from named, evening, erp.sale_line as l where l.sale_id || '/' || l.line_no = named.key"
TICKET = "from named, erp.ticket as t where t.id::text = named.key"

DISPATCH = "from named, erp.dispatch as d where d.id::text = named.key"
EVENT = (
    "from named, erp.dispatch_event as e join erp.dispatch as d on d.id = e.dispatch_id"
    " where e.id::text = named.key"
)
PROMISE = "from named, erp.sale_promise as s where s.id::text = named.key"

DELIVERY = {
    "shipped Friday, today Monday": (
        "shipped_before_the_weekend",
        f"{DISPATCH} and (select min(happened_at)::date - d.issued_at::date"
        " from erp.dispatch_event as e where dispatch_id = d.id and type = 'DLV') >= 3",
    ),
    "shipped Saturday, today Monday": (
        "shipped_at_the_weekend",
        f"{DISPATCH} and extract(isodow from d.issued_at) = 6",
    ),
    "cancelled shipment next day": (
        "shipment_cancelled_next_day",
        f"{DISPATCH} and exists (select from erp.dispatch as first where first.id = d.cancels_id"
        " and first.issued_at::date < d.issued_at::date)",
    ),
    "two partials, second late": (
        "two_partials_second_late",
        f"{LINE} and (select (count(*) filter (where e.happened_at::date <= wanted_on),"
        " count(*) filter (where e.happened_at::date > wanted_on)) = (1, 1)"
        " from erp.dispatch as d join erp.dispatch_event as e on e.dispatch_id = d.id"
        " where d.sale_id = l.sale_id and e.type = 'DLV')",
    ),
    "over-delivery": ("over_delivery", f"{EVENT} and e.type = 'DIF' and e.difference > 0"),
    "refusal": ("refused_at_the_door", f"{EVENT} and e.type = 'REF'"),
    "POD after ten days": (
        "proof_after_ten_days",
        f"{EVENT} and e.type = 'POD' and exists (select from erp.dispatch_event as there"
        " where there.dispatch_id = d.id and there.type = 'DLV'"
        " and e.happened_at::date - there.happened_at::date >= 10)",
    ),
    "no POD": (
        "proof_never_came",
        f"{DISPATCH} and wants_signature and (select array_agg(distinct type order by type)"
        " from erp.dispatch_event where dispatch_id = d.id) = array['DEP', 'DLV']",
    ),
    "customer changed the date": (
        "promise_moved_by_customer",
        f"{PROMISE} and by_customer and exists (select from erp.sale_promise as first where"
        " (first.sale_id, first.line_no) = (s.sale_id, s.line_no) and first.day <> s.day"
        " and first.id < s.id)",
    ),
    "we changed the date": (
        "promise_moved_by_us",
        f"{PROMISE} and not by_customer and exists (select from erp.sale_promise as first where"
        " (first.sale_id, first.line_no) = (s.sale_id, s.line_no) and first.day <> s.day"
        " and first.id < s.id)",
    ),
    "daylight-saving night": (
        "daylight_saving_night",
        "from named, (select 'dispatch_event' as kind, id, happened_at as at"
        " from erp.dispatch_event union all select 'ticket', id, opened_at from erp.ticket) as e,"
        " lateral (select (at at time zone 'Europe/Kyiv')::date as local) as night"
        " where e.id::text = named.key and e.kind = named.table_name"
        " and (local + 1)::timestamp at time zone 'Europe/Kyiv'"
        " - local::timestamp at time zone 'Europe/Kyiv' <> interval '24 hours'"
        " and (at at time zone 'Europe/Kyiv')::time < time '05:00'",
    ),
    "night shift after cut-off": (
        "night_shift_after_the_cut_off",
        f"{DISPATCH} and exists (select from erp.calendar_day as c where c.site_code = 'KYV'"
        " and c.day = (d.issued_at at time zone 'Europe/Kyiv')::date"
        " and (d.issued_at at time zone 'Europe/Kyiv')::time > c.closes)",
    ),
}

CASES = {
    "opened out of hours": (
        "case_opened_out_of_hours",
        "from named, local_event as e left join erp.calendar_day as c"
        " on c.site_code = e.site_code and c.day = e.local::date"
        " where e.ticket_id::text = named.key and e.what = 'OPN'"
        " and (not c.works or e.local::time > c.closes)",
    ),
    "paused over a holiday": (
        "case_paused_over_a_holiday",
        "from named, local_event as pause join local_event as again"
        " on (again.ticket_id, again.side_no, again.what)"
        " = (pause.ticket_id, pause.side_no, 'RES')"
        " join erp.calendar_day as c on c.site_code = pause.site_code and not c.works"
        " and c.day between pause.local::date and again.local::date"
        " and extract(isodow from c.day) < 6"
        " where pause.ticket_id::text = named.key and pause.what = 'PAU'",
    ),
    "reopened after breach": (
        "case_reopened_after_breach",
        "from named, erp.ticket_log as again join erp.ticket as t on t.id = again.ticket_id"
        " join local_event as fin on (fin.ticket_id, fin.side_no, fin.what)"
        " = (again.ticket_id, again.side_no, 'FIN') and fin.at < again.at"
        " join erp.reply_time as r on (r.kind, r.dept, r.urgency) = (t.kind, fin.dept, t.urgency)"
        " where again.id::text = named.key and again.what = 'REO' and r.done_min <"
        " (select sum(extract(epoch from closes - opens) / 60) from erp.calendar_day as c"
        " where c.site_code = fin.site_code and c.works"
        " and c.day > t.opened_at::date and c.day < fin.local::date)",
    ),
    "priority raised later": (
        "case_priority_raised_later",
        "from named, erp.ticket_log as l join erp.ticket as t on t.id = l.ticket_id"
        " where l.id::text = named.key and l.what = 'URG' and l.at > t.opened_at"
        " and l.words = t.urgency::text",
    ),
    "leg owner absent (deputy)": (
        "case_owner_absent_deputy",
        "from named, erp.ticket_log as l join erp.ticket_side as s"
        " on (s.ticket_id, s.side_no) = (l.ticket_id, l.side_no)"
        " join erp.dept on dept.code = s.dept"
        " where l.id::text = named.key and l.what = 'PAS' and s.owner_no = dept.second_no"
        " and position(dept.chief_no in l.words) > 0",
    ),
    "two schedules in one life": (
        "case_with_two_schedules",
        "from named where (select count(distinct (c.opens, c.closes)) = 2"
        " from (select site_code, min(local)::date as first, max(local)::date as last"
        " from local_event where ticket_id::text = named.key group by site_code) as life"
        " join erp.calendar_day as c on c.site_code = life.site_code and c.works"
        " and c.day between first and last)",
    ),
    "both legs one person": (
        "case_with_both_sides_one_person",
        f"{TICKET} and (select (count(*), count(distinct owner_no), count(distinct dept))"
        " = (2, 1, 2) from erp.ticket_side as s where s.ticket_id = t.id)",
    ),
}

PLAN_AND_CRM = {
    "plan zero with fact": (
        "plan_zero_with_fact",
        "from named, erp.target as t where t.id::text = named.key and amount = 0 and exists"
        " (select from erp.dispatch as d where d.partner_id = t.partner_id"
        " and d.issued_at::date between starts_on and ends_on)",
    ),
    "fact on an unplanned slice": (
        "fact_on_an_unplanned_slice",
        "from named, erp.dispatch_line as l join erp.item on item.id = l.item_id"
        " where l.dispatch_id || '/' || l.line_no = named.key and l.qty > 0"
        " and not exists (select from erp.target where target.brand = item.brand)",
    ),
    "shared order 60/40": (
        "shared_order",
        "from named where (select array_agg(pct order by pct) = array[40, 60]::numeric[]"
        " from erp.sale_share where sale_id::text = split_part(named.key, '/', 1))",
    ),
    "manager changed mid-month": (
        "manager_changed_mid_month",
        "from named, erp.partner as p where p.id::text = named.key and exists (select"
        " from erp.sale as a join erp.sale as b on b.partner_id = a.partner_id"
        " where a.partner_id = p.id and a.confirmed_on < p.terms_since"
        " and b.confirmed_on > p.terms_since and a.seller_no <> b.seller_no"
        " and b.seller_no = p.manager_no"
        " and date_trunc('month', a.confirmed_on) = date_trunc('month', b.confirmed_on))",
    ),
    "parent target only": (
        "parent_target_only",
        "from named, erp.target as t where t.id::text = named.key and exists (select"
        " from erp.partner as child join erp.sale on sale.partner_id = child.id"
        " where child.group_id = t.partner_id) and not exists (select from erp.target as other"
        " join erp.partner as child on child.id = other.partner_id"
        " where child.group_id = t.partner_id)",
    ),
    "return of last month's sale": (
        "return_of_last_months_sale",
        "from named, erp.claim as c join erp.dispatch as d on d.id = c.dispatch_id"
        " join erp.paper as note on note.id = c.note_id"
        " where c.id || '/' || c.line_no = named.key and note.type = 'CRN'"
        " and date_trunc('month', c.came_at) = date_trunc('month', d.issued_at) + '1 month'",
    ),
    "stage skipped": (
        "stage_skipped",
        "from named, erp.lead_step as s where s.id::text = named.key"
        " and (was, becomes) = ('NEW', 'NEG')",
    ),
    "stage back": (
        "stage_back",
        "from named, erp.lead_step as s where s.id::text = named.key"
        " and (was, becomes) = ('OFF', 'QLF')",
    ),
    "lead created as won": (
        "lead_created_as_won",
        "from named, erp.lead_step as s where s.id::text = named.key and was is null"
        " and becomes = 'WON'",
    ),
    "no CRM batch today": (
        "no_crm_batch_today",
        "from named, evening where exists (select from erp.batch_list as b"
        " where b.day = evening.day) and not exists (select from erp.batch_list as b"
        " where (b.feed, b.day) = (named.key, evening.day)) and exists (select"
        " from erp.batch_list as b where b.feed = named.key)",
    ),
}
