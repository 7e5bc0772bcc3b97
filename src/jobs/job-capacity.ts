// How much a job or a run asks for: capacity, or workers of a type, and what the one means in the other's terms.
import type { WorkerType } from '@aws-sdk/client-glue';
import { AwsError } from '../wire/aws-error.js';

export interface CapacityRequest {
  AllocatedCapacity?: number | undefined;
  MaxCapacity?: number | undefined;
  WorkerType?: WorkerType | undefined;
  NumberOfWorkers?: number | undefined;
}

export interface Capacity {
  /** Data processing units (DPUs). */
  MaxCapacity: number;
  /** The same in whole units; deprecated by AWS and still answered. */
  AllocatedCapacity: number;
  WorkerType?: WorkerType;
  NumberOfWorkers?: number;
}

/** AWS docs: CreateJob, WorkerType: DPUs (for R and Z types M-DPUs) of one worker. */
const WORKER_DPUS: Readonly<Record<WorkerType, number>> = {
  Standard: 1,
  'G.025X': 0.25,
  'G.1X': 1,
  'G.2X': 2,
  'G.4X': 4,
  'G.8X': 8,
  'G.12X': 12,
  'G.16X': 16,
  'R.1X': 1,
  'R.2X': 2,
  'R.4X': 4,
  'R.8X': 8,
  'Z.2X': 2,
};

/**
 * What was asked for, completed; undefined when nothing was.
 * @throws AwsError InvalidInputException when capacity and workers are mixed, one of the pair of workers is missing, or a
 *   command of `commandName` cannot have so much
 */
export function requestedCapacity(request: CapacityRequest, commandName: string): Capacity | undefined {
  const { WorkerType, NumberOfWorkers, AllocatedCapacity } = request;
  const hasWorkers = WorkerType !== undefined || NumberOfWorkers !== undefined;
  if (hasWorkers && (request.MaxCapacity !== undefined || AllocatedCapacity !== undefined)) {
    throw invalid('Please do not set Max Capacity if using Worker Type and Number of Workers.');
  }
  if (request.MaxCapacity !== undefined && AllocatedCapacity !== undefined) {
    throw invalid('Please set only Allocated Capacity or Max Capacity, not both.');
  }
  if (hasWorkers) {
    if (WorkerType === undefined || NumberOfWorkers === undefined) {
      throw invalid('Please set both Worker Type and Number of Workers.');
    }
    const dpus = WORKER_DPUS[WorkerType] * NumberOfWorkers;
    return { ...capacityOf(dpus), WorkerType, NumberOfWorkers };
  }
  const dpus = request.MaxCapacity ?? AllocatedCapacity;
  if (dpus === undefined) return undefined;
  requireLegalCapacity(dpus, commandName);
  return capacityOf(dpus);
}

const SPARK_COMMANDS: ReadonlySet<string> = new Set(['glueetl', 'gluestreaming']);

/** AWS docs: CreateJob, MaxCapacity: "either 0.0625 or 1 DPU" for Python shells, "from 2 to 100 DPUs" for Spark. */
function requireLegalCapacity(dpus: number, commandName: string): void {
  if (commandName === 'pythonshell') {
    if (dpus !== 0.0625 && dpus !== 1)
      throw invalid(`Max Capacity is ${dpus}; a pythonshell job has 0.0625 or 1 DPU.`);
  } else if (SPARK_COMMANDS.has(commandName) && (!Number.isInteger(dpus) || dpus < 2 || dpus > 100)) {
    throw invalid(`Max Capacity is ${dpus}; a ${commandName} job has 2 to 100 DPUs, and no fractions.`);
  }
}

/** What a job gets that asks for nothing. AWS docs: CreateJob, MaxCapacity. */
export function defaultCapacity(commandName: string): Capacity {
  return capacityOf(commandName === 'pythonshell' ? 0.0625 : 10);
}

function capacityOf(dpus: number): Capacity {
  return { MaxCapacity: dpus, AllocatedCapacity: Math.floor(dpus) };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}
