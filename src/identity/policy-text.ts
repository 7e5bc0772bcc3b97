// Policy documents as text: how IAM answers them and how it counts them.

/** Percent-encoded to RFC 3986, the form in which IAM answers policy documents. */
export function encodePolicy(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Characters of a policy document as IAM counts them: without white space. */
export function policyLength(document: string): number {
  return document.replace(/\s/g, '').length;
}
