#!/usr/bin/env bash
# Installs pipeline and templates: ELASTICSEARCH_URL and ELASTICSEARCH_API_KEY (with manage_pipeline and
# manage_index_templates) say where.
set -eu
cd "$(dirname "$0")"
put() {
  curl --fail-with-body -sS -X PUT "$ELASTICSEARCH_URL/$1" \
    -H "Authorization: ApiKey $ELASTICSEARCH_API_KEY" -H 'Content-Type: application/json' --data-binary "@$2"
  echo
}
put _ingest/pipeline/logs-apigateway.access ingest-pipeline.json
put _component_template/logs-apigateway.access@mappings component-template.json
put _index_template/logs-apigateway.access index-template.json
