import { pathOf } from '../../contracts/ids.ts';
import type { Evidence } from '../../contracts/documents.ts';
import { notFound, unexpected } from '../../contracts/failures.ts';
import type { DocumentStore } from '../../documents/store.ts';
import type { InstanceView } from '../../visibility/instance-view.ts';
import { viewInstance } from '../../visibility/view.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { found } from '../documents/documents.ts';
import type { Answer } from '../http/answer.ts';
import { fileAnswer } from '../http/file-answer.ts';
import { describe, executionOf, historyOf } from '../../engine/executions.ts';
import type { Temporal } from '../../engine/temporal.ts';
import type { Instance } from './view-schema.ts';

interface Deps {
  readonly temporal: Temporal;
  readonly definitions: Definitions;
  readonly store: DocumentStore;
  readonly webUi: (execution: { id: string; runId: string }) => string | null;
}

export interface Reader {
  /** @throws NotFound */
  view(id: string): Promise<InstanceView>;
  read(id: string): Promise<Instance>;
  evidence(which: { readonly id: string; readonly name: string }): Promise<Answer>;
}

export function createReader({ temporal, definitions, store, webUi }: Deps): Reader {
  async function view(id: string): Promise<InstanceView> {
    // First what is so now, then how it came: the history can only be newer, so nothing that `describe` shows is missing in it.
    const description = await describe(temporal, id);
    const { runId, process, definition: digest } = executionOf(description.workflowExecutionInfo ?? {});
    const definition = definitions.of({ process, digest });
    if (!definition) throw notFound(`"${id}" is no instance of a process that is known here: its workflow type is "${process}"`);
    const events = await historyOf(temporal, { id, runId });
    return viewInstance({ description, events, definition });
  }

  return {
    view,
    async read(id) {
      const instance = await view(id);
      return { ...instance, links: { self: pathOf(id), webUi: webUi(instance) } };
    },
    async evidence({ id, name }) {
      const all = evidenceIn(await view(id));
      const evidence = all.get(name);
      if (!evidence) throw notFound(`instance "${id}" has no evidence "${name}". It has: ${[...all.keys()].join(', ') || 'none'}.`);
      const { ref, bytes } = await found({ store, sha256: evidence.document.sha256 });
      if (ref.size !== evidence.document.size) throw unexpected(`evidence "${name}" of "${id}" has ${ref.size} bytes in the store, ${evidence.document.size} in the history`);
      return fileAnswer({ ref, bytes, name });
    },
  };
}

/** Evidence is listed where it belongs; its names are unique within an instance. */
function evidenceIn({ failure, steps, compensations, incidents }: InstanceView): ReadonlyMap<string, Evidence> {
  const visits = [...steps.flatMap((step) => step.visits), ...compensations];
  const all = [...visits.flatMap((visit) => [...visit.evidence, ...(visit.failure?.evidence ?? [])]), ...incidents.flatMap((incident) => incident.evidence), ...(failure?.evidence ?? [])];
  return new Map(all.map((evidence) => [evidence.name, evidence]));
}
