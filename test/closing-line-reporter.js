/** Ends a run with one line that a person and a machine can read, and names the reason of each skipped test. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, testResults }) {
    for (const { testResults: tests } of testResults) {
      for (const { status, fullName } of tests) if (status === 'pending') process.stdout.write(`skipped: ${fullName}\n`);
    }
    // A file that cannot be loaded runs no test; it must not look like success.
    process.stdout.write(`\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed, ${numPendingTests} skipped\n`);
  }
}
