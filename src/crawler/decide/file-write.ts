// What a crawl decides to write beside the catalog: the manifests of Delta tables.

/** An object to be; without text it is to go. */
export interface FileWrite {
  bucket: string;
  key: string;
  text?: string;
}
