/** A text in Vietnamese, and in English beside it. */
export interface Bilingual {
  readonly vi: string;
  readonly en: string;
}
