# One image for every Airflow service.
#
# From python:slim and the lock, not from apache/airflow: that image brings its own choice of
# providers and of their versions, while the lock is, to the hash, what all tests ran on:
# requirements-production.lock is requirements.lock without the tools of tests and demo.
FROM python:3.11.14-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DAYMART_HOME=/opt/daymart \
    AIRFLOW_HOME=/opt/daymart/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/daymart/dags

RUN groupadd --gid 50000 daymart \
    && useradd --uid 50000 --gid daymart --no-create-home --home-dir /opt/daymart daymart \
    && install --directory --owner daymart --group daymart \
        /opt/daymart /opt/daymart/airflow /opt/daymart/airflow/logs /opt/daymart/.daymart

WORKDIR /opt/daymart

COPY requirements-production.lock ./
RUN pip install --require-hashes --no-deps --only-binary :all: --requirement requirements-production.lock

# The project belongs to root: no service can change what it runs.
COPY pyproject.toml README.md LICENSE daymart.yaml ./
COPY src ./src
# Nothing is compiled when it runs: the libraries were by pip.
RUN python -m compileall -q src
COPY expectations ./expectations
COPY contracts ./contracts
COPY systems ./systems
COPY dags ./dags
COPY dbt_project ./dbt_project
# Its build tool is not in the lock, so the package is put on the path instead of being built.
RUN echo /opt/daymart/src > /usr/local/lib/python3.11/site-packages/daymart.pth \
    && echo /opt/daymart >> /usr/local/lib/python3.11/site-packages/daymart.pth \
    && printf '#!/bin/sh\nexec python -m daymart "$@"\n' > /usr/local/bin/daymart \
    && chmod 755 /usr/local/bin/daymart

USER daymart
CMD ["daymart", "--help"]
