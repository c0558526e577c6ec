// Not `instanceof Error`: Jest runs each test file in a realm of its own, where errors of Node itself are another Error's.

/** The `code` of a Node error, such as `ENOENT`. */
export function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

export function errorMessage(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
