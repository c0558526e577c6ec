import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);

/** The directory of the repository, or of its build. */
export const repository = dirname(dirname(self));

/** The file of one of our modules, named without its ending (`workflows/index`): `.ts` in the repository, `.js` in its build. */
export const moduleFile = (name: string): string => join(repository, `${name}${extname(self)}`);

/** What Node must be given to run one of our modules as a program; in the repository it needs tsx to read it. */
export const programArgs = (name: string): string[] => [...(extname(self) === '.ts' ? ['--import', 'tsx'] : []), moduleFile(name)];
