import type { SampleToken, SampleUser } from '../launch/people.ts';
import type { Sandbox } from '../sandbox/start.ts';

/** What a demo is given to run on. */
export interface Stage {
  /** Where there are several APIs, people use them in turn. */
  readonly apiUrls: readonly string[];
  readonly tokens: readonly SampleToken[];
  readonly sandbox: Pick<Sandbox, 'systems' | 'env'>;
  /** Of the sandbox, for its faults. */
  readonly sandboxDir: string;
  readonly tell: (line: string) => void;
}

/** One instance's way, as the table and `--json` tell it. */
export interface Row {
  readonly id: string;
  readonly status: string;
  readonly expected: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly decidedBy: readonly string[];
  readonly retried: readonly string[];
  /** The same execution in Temporal's Web UI. */
  readonly history: string | null;
  /** From what was expected, in words. */
  readonly differences: readonly string[];
}

/** Instances of one process, each with an end that is known beforehand. */
export interface Demo<R extends Row = Row> {
  readonly process: string;
  /** In a few words: what it runs. */
  readonly title: string;
  readonly users: readonly SampleUser[];
  run(stage: Stage): Promise<readonly R[]>;
  tableOf(rows: readonly R[]): string;
  /** What a row is about. */
  nameOf(row: R): string;
}

/** A demo among others, whatever its rows have of their own: it is given none but those that it made. */
export const amongOthers = <R extends Row>({ tableOf, nameOf, ...demo }: Demo<R>): Demo => ({ ...demo, tableOf: (rows) => tableOf(rows as readonly R[]), nameOf: (row) => nameOf(row as R) });
