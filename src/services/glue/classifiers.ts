// Glue's operations on custom classifiers.
import type { Classifiers } from '../../crawler/classifiers/open-classifiers.js';
import type { Operations } from '../../wire/service.js';
import { nextToken, pageOptions } from './answer.js';

/** AWS's model: GetClassifiers answers with at most so many at once. */
const PAGE_MAX = 1000;

export function classifierOperations({ classifiers }: { classifiers: Classifiers }) {
  return {
    CreateClassifier(input) {
      classifiers.create(input);
      return {};
    },
    UpdateClassifier(input) {
      classifiers.update(input);
      return {};
    },
    GetClassifier: ({ Name }) => ({ Classifier: classifiers.get(Name) }),
    GetClassifiers(input) {
      const { after, count } = pageOptions('GetClassifiers', input, PAGE_MAX);
      const found = classifiers.list({ ...(after === undefined ? {} : { after }), count: count + 1 });
      const items = found.slice(0, count);
      const last = found.length > count ? items.at(-1)?.name : undefined;
      return {
        Classifiers: items.map(({ classifier }) => classifier),
        ...nextToken('GetClassifiers', { items, ...(last === undefined ? {} : { next: last }) }),
      };
    },
    DeleteClassifier({ Name }) {
      classifiers.delete(Name);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}
