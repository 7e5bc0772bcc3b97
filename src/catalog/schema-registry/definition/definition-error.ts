// Why a schema definition is not one.

/** A definition that cannot be read; the message says what is wrong and where, without naming the format. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}
