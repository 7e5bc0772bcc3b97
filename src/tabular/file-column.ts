// What a row has the path of its file as, where a statement asks for that.

/** No file has a column of this name. */
export const FILE_COLUMN = 'gluepot_file';
