/**
 * Every issue and pull-request number that our survey of complaints names, tracker by tracker, as it names them: each
 * must be accounted for in `complaints.ts`. PR numbers stand as numbers; `CRM-…` are CiviCRM's own.
 */
export const NUMBERS: Readonly<Record<string, readonly (number | string)[]>> = {
  opencollective: [
    // Reconciliation
    5890, 7182, 1239, 7428, 7416, 6933, 7774, 1025,
    // Corrections after close
    7482, 8034, 6591, 5485, 4369, 3008, 6929, 8715,
    // Control, privacy
    3081, 8570, 4729, 2927,
    // Pledges
    6934, 6930,
  ],
  erpnext: [54823, 35440, 36448, 41069, 47077, 27244],
  odoo: [1008],
  'oca bank-statement-import': [65, 77, 83, 61, 106],
  'oca donation': [147],
  duofy: [25],
  openpetra: [375, 349, 319, 664, 315, 333, 345, 346, 448, 71, 562, 646],
  civicrm: [7880, 32921, 11444, 7409, 9577, 10980, 33753, 'CRM-17469', 'CRM-19110', 'CRM-14995'],
  npsp: [
    // Restriction errors
    863, 764, 1050, 3088, 3434, 5699, 5955, 2636, 1832,
    // Performance
    2804, 4231, 4207, 6704, 6252, 6757,
    // Pledges
    3824, 4368, 4036, 4389, 4744, 4461, 1729, 6408, 7234,
  ],
  'gratipay finances': [8],
  'whatdotheyknow-theme': [1093],
  'operations-fc': [15],
  donrec: [23, 90, 5],
  cdntaxreceipts: [21, 40],
  'asymmetric-al core': [578],
  givewp: [7982, 8340, 5475, 2383, 5257, 5358],
  openspp: [5],
  'socialincome public': [235, 927, 967, 997, 1687],
};
