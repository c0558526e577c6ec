import { errorMessage } from '../platform/errors.ts';

/** The names of what there is. @throws Error when it cannot be loaded */
export async function found({ what, discover }: { what: string; discover: () => Promise<readonly { readonly name: string }[]> }): Promise<readonly string[]> {
  try {
    return (await discover()).map(({ name }) => name);
  } catch (error) {
    throw new Error(`the ${what} that are there cannot be loaded: ${errorMessage(error)}. Mend that first`, { cause: error });
  }
}
