// Which names a bucket may have.
// AWS docs: "General purpose bucket naming rules" in the Amazon S3 user guide.

const FORM = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** True for 3 to 63 lower-case letters, digits, dots and hyphens that are neither an IP address nor reserved by AWS. */
export function isLegalBucketName(name: string): boolean {
  return FORM.test(name) && !name.includes('..') && !ADDRESS.test(name) && !RESERVED.test(name);
}
