# The worker and the command line in one image: no compiler, no root, bytecode ready.
# The lock file has hashes, so pip takes the files that were tested or stops.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock /build/requirements.lock
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /build/requirements.lock \
    && /opt/venv/bin/pip uninstall --yes pip setuptools
COPY . /app
# The running user may write neither folder, so the bytecode is made here or at every start.
RUN /opt/venv/bin/python -m compileall -q -j 0 /opt/venv/lib /app

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN groupadd --gid 10001 relance \
    && useradd --uid 10001 --gid relance --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin relance \
    && install --directory --owner relance --group relance --mode 0750 /var/lib/relance
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV RELANCE_STORE=/var/lib/relance
VOLUME /var/lib/relance
USER relance
# Exec form: SIGTERM reaches Python itself, and the worker finishes the act it is in.
CMD ["python", "worker.py"]
