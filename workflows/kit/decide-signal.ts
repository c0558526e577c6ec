import { defaultPayloadConverter, type RawValue, rawValueTypeInfo } from '@temporalio/common';
import { ApplicationFailure, defineSignal, setHandler } from '@temporalio/workflow';
import { brief } from '../../contracts/define/issues.ts';
import { invalidInput, notPermitted, unexpected } from '../../contracts/failures.ts';
import { DecideSignal, decideSignal, memoKeys, type SignalVerdict } from '../../contracts/verbs.ts';
import { checkedInput } from './checked.ts';
import type { Instance } from './instance.ts';

/** Each signal writes the list anew: were it unbounded, some hundred signals would fill the history. */
const keptVerdicts = 20;

/** The SDK decodes arguments before the handler gets them; one that is no JSON would fail the workflow task for ever. So they come as they are. */
const undecoded = { inputTypes: Array<typeof rawValueTypeInfo>(10).fill(rawValueTypeInfo) };

/** Takes decisions by signal, from whoever has access to Temporal itself. */
export function takeDecisions({ tasks, waits }: Instance): void {
  let verdicts: readonly SignalVerdict[] = [];
  setHandler(
    defineSignal<[RawValue?]>(decideSignal, { typeInfo: undecoded }),
    (argument) => {
      verdicts = [...verdicts, { at: new Date().toISOString(), ...decide(argument) }].slice(-keptVerdicts);
      waits.note({ [memoKeys.signals]: verdicts });
    },
    { description: 'Decide an open task: { task, actor: { user, groups }, decision }' },
  );

  /** A signal cannot be refused, so what became of it is told in the memo. */
  function decide(argument: RawValue | undefined): Omit<SignalVerdict, 'at'> {
    let whom = { task: '?', user: '?' };
    try {
      const raw = decoded(argument);
      whom = { task: text(fieldOf(raw, 'task')), user: text(fieldOf(fieldOf(raw, 'actor'), 'user')) };
      const completion = checkedInput({ schema: DecideSignal, value: raw, what: `signal "${decideSignal}"` });
      tasks.checkComplete(completion);
      if (!tasks.takesSignals(completion.task)) throw notPermitted(`task "${completion.task}" takes decisions through the API only, not by signal`);
      tasks.complete(completion);
      return { ...whom, refused: null };
    } catch (error) {
      const { type, message } = error instanceof ApplicationFailure ? error : unexpected(String(error));
      return { ...whom, refused: { type: type ?? 'Unexpected', message: brief(message) } };
    }
  }
}

function decoded(argument: RawValue | undefined): unknown {
  if (!argument) return undefined;
  try {
    return defaultPayloadConverter.fromPayload(argument.payload);
  } catch (error) {
    throw invalidInput(`signal "${decideSignal}" carries what cannot be read: ${String(error)}. Send JSON.`);
  }
}

const fieldOf = (from: unknown, field: string): unknown =>
  typeof from === 'object' && from !== null ? Object.entries(from).find(([key]) => key === field)?.[1] : undefined;

const text = (value: unknown): string => (typeof value === 'string' ? brief(value, 100) : '?');
