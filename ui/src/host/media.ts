/** The media type of a document. */
export const PDF = 'application/pdf'

/** The same bytes under another media type; none is copied. */
export const typed = (file: Blob, type: string) => file.slice(0, file.size, type)
