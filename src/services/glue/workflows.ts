// Glue's operations on workflows and their runs.
import { decodePageToken, encodePageToken } from '../../catalog/page-token.js';
import type { Workflows } from '../../jobs/workflows/open-workflows.js';
import type { Operations } from '../../wire/service.js';
import { nextToken, pageOptions } from './answer.js';

/** AWS's model: ListWorkflows answers with at most so many at once. */
const PAGE_MAX = 25;
/** AWS's model: the most runs that GetWorkflowRuns answers with at once. */
const RUNS_PAGE_MAX = 1000;

export function workflowOperations({ workflows }: { workflows: Workflows }) {
  const { definitions, runs } = workflows;
  return {
    CreateWorkflow(input) {
      definitions.create(input);
      return { Name: input.Name };
    },
    UpdateWorkflow(input) {
      definitions.update(input);
      return { Name: input.Name };
    },
    DeleteWorkflow({ Name }) {
      definitions.delete(Name);
      return { Name };
    },
    GetWorkflow: ({ Name, IncludeGraph }) => ({ Workflow: workflows.describe(Name, IncludeGraph === true) }),
    BatchGetWorkflows({ Names, IncludeGraph }) {
      const isThere = (name: string) => definitions.find(name) !== undefined;
      return {
        Workflows: Names.filter(isThere).map((name) => workflows.describe(name, IncludeGraph === true)),
        MissingWorkflows: Names.filter((name) => !isThere(name)),
      };
    },
    ListWorkflows(input) {
      const { after, count } = pageOptions('ListWorkflows', input, PAGE_MAX);
      const found = definitions.list({ ...(after === undefined ? {} : { after }), count: count + 1 });
      const items = found.slice(0, count).map(({ Name }) => Name);
      const last = found.length > count ? items.at(-1) : undefined;
      return {
        Workflows: items,
        ...nextToken('ListWorkflows', { items, ...(last === undefined ? {} : { next: last }) }),
      };
    },
    StartWorkflowRun: ({ Name, RunProperties }) => ({ RunId: runs.start(Name, RunProperties ?? {}) }),
    GetWorkflowRun: ({ Name, RunId, IncludeGraph }) => ({
      Run: runs.get(Name, RunId, IncludeGraph === true),
    }),
    GetWorkflowRuns({ Name, IncludeGraph, NextToken, MaxResults }) {
      const operation = `GetWorkflowRuns ${Name}`;
      const { runs: page, next } = runs.list(Name, {
        count: Math.min(MaxResults ?? RUNS_PAGE_MAX, RUNS_PAGE_MAX),
        isWithGraph: IncludeGraph === true,
        ...(NextToken ? { before: Number(decodePageToken(operation, NextToken)) } : {}),
      });
      return {
        Runs: page,
        ...(next === undefined ? {} : { NextToken: encodePageToken(operation, String(next)) }),
      };
    },
    GetWorkflowRunProperties: ({ Name, RunId }) => ({ RunProperties: runs.properties(Name, RunId) }),
    PutWorkflowRunProperties({ Name, RunId, RunProperties }) {
      runs.putProperties(Name, RunId, RunProperties);
      return {};
    },
    StopWorkflowRun({ Name, RunId }) {
      runs.stop(Name, RunId);
      return {};
    },
    ResumeWorkflowRun: ({ Name, RunId, NodeIds }) => ({
      RunId: runs.resume(Name, RunId, NodeIds),
      NodeIds,
    }),
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}
