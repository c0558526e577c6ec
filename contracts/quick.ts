/**
 * What the first attempt of a quick step leaves in the history, in the marker of its local activity. Temporal keeps neither its input nor its name there, so they are
 * part of the answer; a failure is one too.
 */
export interface QuickAnswer {
  /** The activity id: the step's visit. */
  readonly quick: string;
  readonly input: unknown;
  /** ISO 8601, by the worker's clock. */
  readonly startedAt: string;
  readonly closedAt: string;
  readonly output?: unknown;
  readonly failure?: QuickFailure;
}

export interface QuickFailure {
  /** One of the catalogue, `Cancelled`, or the name of the error that nobody foresaw. */
  readonly type: string;
  readonly message: string;
  readonly details?: unknown;
}

/** What the kit hands over beside the input. */
export interface Envelope {
  readonly idempotencyKey: string;
  /** Of a quick step that goes on as an ordinary one: the attempts before. */
  readonly earlierAttempts?: number;
  /** How many incidents the step has had; it is tried again after them. */
  readonly earlierIncidents?: number;
}

/** A local activity has no id of its own choice. */
export interface QuickEnvelope extends Envelope {
  readonly step: string;
}

/** The name of the markers that local activities leave. */
export const quickMarker = 'core_local_activity';
export const isQuickAnswer = (value: unknown): value is QuickAnswer => typeof value === 'object' && value !== null && 'quick' in value;
