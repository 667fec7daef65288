# Two stages: what builds stays behind, what runs is Python, the packages and this repository.
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS packages
COPY requirements.txt constraints.txt /tmp/
RUN python3 -m venv /opt/unrolled \
    && /opt/unrolled/bin/pip install --no-cache-dir --disable-pip-version-check \
       -r /tmp/requirements.txt -c /tmp/constraints.txt \
    && /opt/unrolled/bin/pip uninstall --yes pip

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Unrolled" \
      org.opencontainers.image.description="Every number of a recurrent network, forwards and backwards through time" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin unrolled
COPY --from=packages /opt/unrolled /opt/unrolled
COPY LICENSE /srv/unrolled/LICENSE
COPY app /srv/unrolled/app
COPY rnn_core /srv/unrolled/rnn_core
COPY scripts /srv/unrolled/scripts
COPY assets /srv/unrolled/assets
# Compiled here because nothing can be written later.
RUN /opt/unrolled/bin/python -m compileall -q /srv/unrolled

# The only place that a read-only container lets anybody write is shared memory.
ENV PATH=/opt/unrolled/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/dev/shm \
    TMPDIR=/dev/shm \
    MPLCONFIGDIR=/dev/shm/matplotlib \
    PORT=8501
USER 10001
WORKDIR /srv/unrolled
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "/srv/unrolled/scripts/healthcheck.py"]
ENTRYPOINT ["python", "/srv/unrolled/scripts/serve.py"]
