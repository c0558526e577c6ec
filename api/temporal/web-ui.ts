/** The address of a run's history in Temporal's Web UI; `null` where the UI's own address is not known. */
export function webUiLinks({ uiUrl, namespace }: { uiUrl: string | null; namespace: string }): (execution: { id: string; runId: string }) => string | null {
  return ({ id, runId }) => (uiUrl === null ? null : `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(id)}/${runId}/history`);
}

export function scheduleLinks({ uiUrl, namespace }: { uiUrl: string | null; namespace: string }): (id: string) => string | null {
  return (id) => (uiUrl === null ? null : `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/schedules/${encodeURIComponent(id)}`);
}
