/** Version of the program, as the API names it and the changelog tells it. */
export const VERSION = '0.1.0';
