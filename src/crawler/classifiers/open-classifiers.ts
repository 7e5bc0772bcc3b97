// Custom classifiers of the account: created, changed, read, deleted.
import type {
  Classifier as GlueClassifier,
  CreateClassifierRequest,
  UpdateClassifierRequest,
} from '@aws-sdk/client-glue';
import type { Clock } from '../../base/clock.js';
import { openDocuments } from '../../state/documents.js';
import type { State } from '../../state/state.js';
import type { Classifier } from '../../tabular/classifier.js';
import { AwsError } from '../../wire/aws-error.js';
import {
  buildClassifier,
  readClassifierInput,
  withDefaults,
  type ClassifierRecord,
} from './classifier-definition.js';

export interface Classifiers {
  /** @throws AwsError AlreadyExistsException, InvalidInputException */
  create(input: CreateClassifierRequest): void;
  /** What the input leaves out stays; the version grows by one. @throws AwsError EntityNotFoundException, InvalidInputException */
  update(input: UpdateClassifierRequest): void;
  /** @throws AwsError EntityNotFoundException */
  get(name: string): GlueClassifier;
  /** In order of names, those after `after`. */
  list(options: { after?: string; count: number }): { name: string; classifier: GlueClassifier }[];
  /** @throws AwsError EntityNotFoundException */
  delete(name: string): void;
  /** What the named ones make of files, in the order of the names. @throws AwsError InvalidInputException when one is not there */
  build(names: readonly string[]): Classifier[];
}

type Stored = ClassifierRecord & { version: number; creationTime: Date; lastUpdated: Date };

/** `state` must have been opened with documentsSchema. */
export function openClassifiers(state: State, clock: Clock): Classifiers {
  const records = openDocuments<Stored>(state, 'glue-classifier');
  const require = (name: string): Stored => {
    const stored = records.get(name);
    if (stored) return stored;
    throw new AwsError('EntityNotFoundException', `Classifier ${name} not found.`);
  };
  return {
    create: (input) =>
      state.transaction(() => {
        const record = withDefaults(readClassifierInput(input));
        buildClassifier(record);
        if (records.get(record.name)) {
          throw new AwsError('AlreadyExistsException', `Classifier ${record.name} already exists.`);
        }
        const now = clock.now();
        records.put(record.name, { ...record, version: 1, creationTime: now, lastUpdated: now });
      }),
    update: (input) =>
      state.transaction(() => {
        const { kind, name, members } = readClassifierInput(input);
        const stored = require(name);
        if (stored.kind !== kind) {
          throw new AwsError(
            'InvalidInputException',
            `Classifier ${name} is a ${stored.kind}, not a ${kind}.`,
          );
        }
        const updated: Stored = {
          ...stored,
          members: { ...stored.members, ...members },
          // That it grows by one is a guess.
          version: stored.version + 1,
          lastUpdated: clock.now(),
        };
        buildClassifier(updated);
        records.put(name, updated);
      }),
    get: (name) => describe(require(name)),
    list: (page) =>
      records.list(page).map(({ key, document }) => ({ name: key, classifier: describe(document) })),
    delete(name) {
      require(name);
      records.delete(name);
    },
    build: (names) =>
      names.map((name) => {
        const stored = records.get(name);
        if (stored) return buildClassifier(stored);
        throw new AwsError(
          'InvalidInputException',
          `Classifier ${name} not found. Create it with CreateClassifier.`,
        );
      }),
  };
}

function describe({ kind, name, members, version, creationTime, lastUpdated }: Stored): GlueClassifier {
  return {
    [kind]: {
      Name: name,
      ...members,
      CreationTime: creationTime,
      LastUpdated: lastUpdated,
      Version: version,
    },
  };
}
