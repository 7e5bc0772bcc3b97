// A gate: something that must be so before a job is started, and what was found.

/** `wait`: another event may open it. `block`: somebody has to do something first. */
export type Verdict = 'pass' | 'wait' | 'block';

export interface GateResult {
  /** The key of the requirement in the spec, or that of a policy. */
  gate: string;
  verdict: Verdict;
  /** For machines: lower-case words with hyphens. */
  reason: string;
  message: string;
}
