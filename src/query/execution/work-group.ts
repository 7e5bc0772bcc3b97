// Workgroups: where queries run, and what they may not decide for themselves.
import type {
  CreateWorkGroupInput,
  UpdateWorkGroupInput,
  WorkGroup,
  WorkGroupConfiguration,
  WorkGroupConfigurationUpdates,
} from '@aws-sdk/client-athena';
import type { Clock } from '../../base/clock.js';
import { openDocuments } from '../../state/documents.js';
import type { State } from '../../state/state.js';
import type { Checked } from '../../wire/service.js';
import { invalidRequest } from './invalid-request.js';

export const PRIMARY = 'primary';
export const ENGINE_VERSION = 'Athena engine version 3';

interface WorkGroupRecord {
  name: string;
  state: 'ENABLED' | 'DISABLED';
  description?: string | undefined;
  configuration: WorkGroupConfiguration;
  createdAt: Date;
}

export interface WorkGroups {
  /** @throws AwsError InvalidRequestException for names that are taken and settings that are not supported */
  create(input: Checked<CreateWorkGroupInput>): void;
  /** @throws AwsError InvalidRequestException */
  get(name: string): WorkGroup & { Configuration: WorkGroupConfiguration };
  has(name: string): boolean;
  update(input: Checked<UpdateWorkGroupInput>): void;
  /** The record alone: who calls looks after what is in the group. @throws AwsError InvalidRequestException */
  delete(name: string): void;
  list(options: { after?: string; count: number }): WorkGroup[];
}

const DEFAULTS: WorkGroupConfiguration = {
  ResultConfiguration: {},
  EnforceWorkGroupConfiguration: true,
  PublishCloudWatchMetricsEnabled: false,
  RequesterPaysEnabled: false,
};

export function openWorkGroups(state: State, { clock }: { clock: Clock }): WorkGroups {
  const documents = openDocuments<WorkGroupRecord>(state, 'athena-work-group');
  if (!documents.get(PRIMARY)) {
    const configuration = { ...DEFAULTS, EnforceWorkGroupConfiguration: false };
    documents.put(PRIMARY, { name: PRIMARY, state: 'ENABLED', configuration, createdAt: clock.now() });
  }

  const require = (name: string): WorkGroupRecord => {
    const record = documents.get(name);
    if (!record) throw invalidRequest(`WorkGroup ${name} is not found.`);
    return record;
  };

  return {
    create({ Name, Description, Configuration }) {
      if (documents.get(Name)) throw invalidRequest('WorkGroup is already created');
      refuseUnsupported(Configuration);
      const configuration = { ...DEFAULTS, ...(Configuration as WorkGroupConfiguration | undefined) };
      documents.put(Name, {
        name: Name,
        state: 'ENABLED',
        description: Description,
        configuration,
        createdAt: clock.now(),
      });
    },
    get: (name) => toWorkGroup(require(name)),
    has: (name) => documents.get(name) !== undefined,
    update({ WorkGroup: name, Description, ConfigurationUpdates, State }) {
      const record = require(name);
      refuseUnsupported(ConfigurationUpdates);
      documents.put(name, {
        ...record,
        state: State ?? record.state,
        description: Description ?? record.description,
        configuration: updated(record.configuration, ConfigurationUpdates ?? {}),
      });
    },
    delete(name) {
      if (name === PRIMARY) throw invalidRequest('The primary WorkGroup can not be deleted');
      require(name);
      documents.delete(name);
    },
    list: (options) => documents.list(options).map(({ document }) => toWorkGroup(document)),
  };
}

/** What would be promised and not kept. */
function refuseUnsupported(configuration: object | undefined): void {
  const given = (configuration ?? {}) as Record<string, unknown>;
  for (const name of ['ManagedQueryResultsConfiguration', 'ManagedQueryResultsConfigurationUpdates']) {
    if ((given[name] as { Enabled?: boolean } | undefined)?.Enabled) {
      throw invalidRequest(
        `${name} is not supported here: results go to ResultConfiguration.OutputLocation.`,
      );
    }
  }
  const engine = (given.EngineVersion as { SelectedEngineVersion?: string } | undefined)
    ?.SelectedEngineVersion;
  if (engine !== undefined && engine !== 'AUTO' && engine !== ENGINE_VERSION) {
    throw invalidRequest(
      `The engine version '${engine}' is not supported here; use AUTO or '${ENGINE_VERSION}'.`,
    );
  }
  for (const name of [
    'EnableMinimumEncryptionConfiguration',
    'IdentityCenterConfiguration',
    'ExecutionRole',
    'CustomerContentEncryptionConfiguration',
    'MonitoringConfiguration',
    'EngineConfiguration',
    'QueryResultsS3AccessGrantsConfiguration',
  ]) {
    if (given[name] !== undefined && given[name] !== false)
      throw invalidRequest(`${name} is not supported here; leave it out.`);
  }
}

function updated(
  configuration: WorkGroupConfiguration,
  updates: WorkGroupConfigurationUpdates,
): WorkGroupConfiguration {
  const {
    ResultConfigurationUpdates: results,
    RemoveBytesScannedCutoffPerQuery: removesCutoff,
    ...others
  } = updates;
  const changed: WorkGroupConfiguration = { ...configuration };
  for (const name of [
    'EnforceWorkGroupConfiguration',
    'PublishCloudWatchMetricsEnabled',
    'BytesScannedCutoffPerQuery',
    'RequesterPaysEnabled',
    'EngineVersion',
    'AdditionalConfiguration',
  ] as const) {
    if (others[name] !== undefined) Object.assign(changed, { [name]: others[name] });
  }
  if (removesCutoff) delete changed.BytesScannedCutoffPerQuery;
  if (results) {
    const result = { ...changed.ResultConfiguration };
    for (const name of [
      'OutputLocation',
      'EncryptionConfiguration',
      'ExpectedBucketOwner',
      'AclConfiguration',
    ] as const) {
      if (results[`Remove${name}`]) delete result[name];
      else if (results[name] !== undefined) Object.assign(result, { [name]: results[name] });
    }
    changed.ResultConfiguration = result;
  }
  return changed;
}

function toWorkGroup(record: WorkGroupRecord): WorkGroup & { Configuration: WorkGroupConfiguration } {
  return {
    Name: record.name,
    State: record.state,
    Configuration: {
      ...record.configuration,
      EngineVersion: {
        SelectedEngineVersion: record.configuration.EngineVersion?.SelectedEngineVersion ?? 'AUTO',
        EffectiveEngineVersion: ENGINE_VERSION,
      },
    },
    ...(record.description !== undefined && { Description: record.description }),
    CreationTime: record.createdAt,
  };
}
