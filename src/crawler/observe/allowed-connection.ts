// Observe: a connection of the catalog, as the crawler's role may see it.
import type { Connection } from '@aws-sdk/client-glue';
import { catalogResources } from '../../catalog/authorized-catalog.js';
import { glueArn } from '../../catalog/names.js';
import type { PlanContext } from '../plan-context.js';

/**
 * Which of Glue's operations a crawler calls is not documented: a guess.
 * @throws AwsError AccessDeniedException; EntityNotFoundException for a connection that is not there
 */
export function allowedConnection(name: string, context: PlanContext): Connection {
  const { session, connections, region, accountId } = context;
  session.require('glue:GetConnection', [
    glueArn(region, accountId, `connection/${name}`),
    ...catalogResources(context),
  ]);
  return connections.get(name);
}
