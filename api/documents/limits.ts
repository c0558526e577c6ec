/** Bytes. */
export const documentLimit = 20_000_000;

/** What a document may be sent as; its content decides what it is. */
export const documentMediaTypes: readonly string[] = ['application/pdf', 'image/png', 'image/jpeg', 'application/octet-stream'];
