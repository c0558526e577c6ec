/** What was typed after the name. */
export interface Options {
  readonly kind?: string;
  readonly title?: string;
  readonly 'read-only'?: boolean;
  readonly irreversible?: boolean;
}

/** Something new that somebody asks for. */
export interface Wish {
  /** The repository. */
  readonly root: string;
  readonly name: string;
  readonly options: Options;
}
