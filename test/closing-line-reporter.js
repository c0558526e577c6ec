/** Ends a run with one line that a person and a machine can read, after the names of the tests that were skipped. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests, testResults }) {
    const skipped = testResults.flatMap(({ testResults: tests }) => tests.filter(({ status }) => status === 'pending' || status === 'todo'));
    // A file that cannot be loaded runs no test; it must not look like success.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const lines = [...skipped.map(({ fullName }) => `skipped: ${fullName}`), `${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`];
    // Jest's own summary comes after the reporters.
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}
