// NextToken: where a list goes on, in a form that callers only hand back.
import { AwsError } from '../wire/aws-error.js';

/** `kind` names the list, so that one list's token is not taken for another's; `position` is where to start after. */
export function encodePageToken(kind: string, position: string): string {
  return Buffer.from(JSON.stringify([kind, position])).toString('base64url');
}

/** @throws AwsError InvalidInputException for anything that encodePageToken did not make for this `kind` */
export function decodePageToken(kind: string, token: string): string {
  const position = positionIn(kind, Buffer.from(token, 'base64url').toString());
  if (position === undefined || encodePageToken(kind, position) !== token) {
    throw new AwsError(
      'InvalidInputException',
      `NextToken '${token.slice(0, 100)}' is not one that ${kind} answered with: pass it on unchanged, or leave it out to ` +
        'begin at the first page.',
    );
  }
  return position;
}

function positionIn(kind: string, text: string): string | undefined {
  try {
    const content: unknown = JSON.parse(text);
    if (!Array.isArray(content) || content.length !== 2 || content[0] !== kind) return undefined;
    return typeof content[1] === 'string' ? content[1] : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
