import { errorMessage } from '../platform/errors.ts';
import { findTemporal } from './find.ts';

// node --import tsx temporal/install.ts: finds or makes the Temporal server ahead of its first use, such as in CI.
try {
  const { how } = await findTemporal({ progress: (line) => console.log(line) });
  console.log(`Temporal: ${how}`);
} catch (error) {
  console.error(errorMessage(error));
  process.exitCode = 1;
}
