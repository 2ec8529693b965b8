/** Says which table it was given. */
export const handler = async () => process.env.TABLE;
