// Lambda operations on aliases.
import { parseFunctionReference, type FunctionScope } from '../../functions/function-name.js';
import { toAlias } from '../../functions/function-table.js';
import { notSupported } from '../../functions/lambda-error.js';
import type { Functions } from '../../functions/open-functions.js';
import type { Operations } from '../../wire/service.js';
import { pageOfList } from './page.js';

export function aliasOperations({ table }: Functions, scope: FunctionScope) {
  const { aliases } = table;
  const refuseRouting = (
    routing: { AdditionalVersionWeights?: Record<string, number> | undefined } | undefined,
  ) => {
    if (Object.keys(routing?.AdditionalVersionWeights ?? {}).length > 0) {
      throw notSupported('RoutingConfig', 'an alias leads to one version');
    }
  };
  return {
    CreateAlias({ FunctionName, Name, FunctionVersion, Description = '', RoutingConfig }) {
      refuseRouting(RoutingConfig);
      const { name } = parseFunctionReference(FunctionName);
      const alias = { name: Name, version: FunctionVersion, description: Description };
      return toAlias(name, aliases.create(name, alias), scope);
    },
    GetAlias({ FunctionName, Name }) {
      const { name } = parseFunctionReference(FunctionName);
      return toAlias(name, aliases.get(name, Name), scope);
    },
    UpdateAlias({ FunctionName, Name, FunctionVersion, Description, RoutingConfig }) {
      refuseRouting(RoutingConfig);
      const { name } = parseFunctionReference(FunctionName);
      const change = {
        ...(FunctionVersion === undefined ? {} : { version: FunctionVersion }),
        ...(Description === undefined ? {} : { description: Description }),
      };
      return toAlias(name, aliases.update(name, Name, change), scope);
    },
    ListAliases({ FunctionName, FunctionVersion, ...page }) {
      const { name } = parseFunctionReference(FunctionName);
      const all = aliases
        .list(name)
        .filter(({ version }) => FunctionVersion === undefined || version === FunctionVersion);
      const { items, ...next } = pageOfList(page, all);
      return { Aliases: items.map((alias) => toAlias(name, alias, scope)), ...next };
    },
    DeleteAlias({ FunctionName, Name }) {
      aliases.delete(parseFunctionReference(FunctionName).name, Name);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-lambda')>;
}
