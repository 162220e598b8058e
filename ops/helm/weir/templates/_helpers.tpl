{{- define "weir.name" -}}
{{- if contains "weir" .Release.Name }}{{ .Release.Name | trunc 53 | trimSuffix "-" }}{{ else }}{{ printf "%s-weir" .Release.Name | trunc 53 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "weir.selector" -}}
app.kubernetes.io/name: weir
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "weir.labels" -}}
{{ include "weir.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "weir.config" -}}
{{- $own := dict
  "http" (dict "host" "0.0.0.0" "port" 8000 "management-host" "0.0.0.0" "management-port" 8002 "drain" (printf "%ds" (int .Values.drainSeconds)))
  "grpc" (dict "host" "0.0.0.0" "port" 8001)
  "repository" (dict "path" .Values.models.path)
  "state" "/var/lib/weir" }}
{{- if .Values.postgresql.url }}
{{- $journal := dict "url" .Values.postgresql.url "user" .Values.postgresql.user }}
{{- if .Values.postgresql.existingSecret }}{{ $_ := set $journal "password-env" "WEIR_JOURNAL_PASSWORD" }}{{ end }}
{{- $_ := set $own "journal" $journal }}
{{- end }}
{{- if .Values.predictionKeys.existingSecret }}{{ $_ := set $own "prediction-keys" "/etc/weir-keys/keys" }}{{ end }}
{{- $config := deepCopy .Values.config }}
{{- if .Values.accessKeys.existingSecret }}
{{- $_ := set $own "access" (dict "keys" "/etc/weir-access/access.keys") }}
{{- if $config.access }}{{ $_ := unset $config.access "mode" }}{{ end }}
{{- end }}
{{- toYaml (mergeOverwrite $config $own) }}
{{- end }}
