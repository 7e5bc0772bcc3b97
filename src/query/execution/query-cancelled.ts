// Why a query ended without a result and without having failed.

export class QueryCancelled extends Error {
  override readonly name = 'QueryCancelled';
}
