import { TestWorkflowEnvironment } from '@temporalio/testing';
import { tellReady } from '../platform/child-process.ts';
import { errorMessage } from '../platform/errors.ts';

// Run by download.ts as a process of its own: the SDK loads native code and traps signals, which its caller does not want,
// and a download that hangs can be killed. The SDK downloads only in order to start a server; that one is ended at once.
const [downloadDir, version] = process.argv.slice(2);
try {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir, version } },
  });
  tellReady({});
  await environment.teardown();
} catch (error) {
  console.error(errorMessage(error));
  process.exitCode = 1;
}
