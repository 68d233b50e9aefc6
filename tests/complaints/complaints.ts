/**
 * What people complain about in the tools that others use for this work, and where it is shown that Lá Lành does
 * better. `docs/complaints.md` is written from this list, and `complaints.spec.ts` holds it against the tests.
 */

/** A test by the file it stands in and its exact title. */
export interface ShownBy {
  readonly file: string;
  readonly title: string;
}

/** Complaints of one kind, in a sentence of ours. */
export interface Complaint {
  /** `tracker#number`, as in `numbers.ts`. */
  readonly numbers: readonly string[];
  readonly complaint: string;
  /** What we do instead. */
  readonly instead?: string;
  readonly shown?: readonly ShownBy[];
  /** A benchmark, where the complaint is about speed: a timing decides no test. */
  readonly measured?: string;
  /** Why it is not about us. */
  readonly doesNotApply?: string;
  /** Why nothing shows it yet. */
  readonly notShown?: string;
}

export interface Section {
  readonly title: string;
  readonly complaints: readonly Complaint[];
}

const oc = (...numbers: number[]): string[] => numbers.map((number) => `opencollective#${number}`);
const erp = (...numbers: number[]): string[] => numbers.map((number) => `erpnext#${number}`);
const oca = (...numbers: number[]): string[] =>
  numbers.map((number) => `oca bank-statement-import#${number}`);
const petra = (...numbers: number[]): string[] => numbers.map((number) => `openpetra#${number}`);
const civi = (...numbers: (number | string)[]): string[] => numbers.map((number) => `civicrm#${number}`);
const npsp = (...numbers: number[]): string[] => numbers.map((number) => `npsp#${number}`);
const give = (...numbers: number[]): string[] => numbers.map((number) => `givewp#${number}`);
const social = (...numbers: number[]): string[] => numbers.map((number) => `socialincome public#${number}`);

const at =
  (file: string) =>
  (title: string): ShownBy => ({ file, title });
const banking = at('tests/end-to-end/banking.spec.ts');
const lines = at('libs/banking/banking.spec.ts');
const match = at('libs/banking/domain/match/match.spec.ts');
const bankFile = at('libs/banking/files/read-file.spec.ts');
const rows = at('apps/cli/import/run.spec.ts');
const traps = at('libs/pledges/traps.spec.ts');
const corrections = at('libs/funds/domain/corrections.spec.ts');
const closed = at('tests/end-to-end/corrections.spec.ts');
const ledger = at('libs/platform/ledger.spec.ts');
const approvals = at('libs/funds/domain/approvals.spec.ts');
const entries = at('libs/books/domain/entries.spec.ts');
const served = at('apps/standalone/serve.spec.ts');
const demo = at('tests/end-to-end/demo.spec.ts');
const printed = at('apps/standalone/vouchers.spec.ts');
const batch = at('tests/end-to-end/batches.spec.ts');
const ours = (file: string) => at(`tests/complaints/${file}.spec.ts`);

export const SECTIONS: readonly Section[] = [
  {
    title: 'Reconciliation with the bank',
    complaints: [
      {
        numbers: oc(5890, 7182),
        complaint: 'The balance of the bank and that of the ledger can not be shown to agree on a day.',
        instead:
          'A statement per account and day proves bank = book ± listed items, by the day money counts for.',
        shown: [
          banking(
            'the bank’s balance is the books’ and the listed items, to the đồng, on any day of any history',
          ),
        ],
      },
      {
        numbers: oc(1239),
        complaint: 'An export leaves rows out, leaves the sign open and writes days in another order.',
        instead: 'Every file of a book is the book itself: all its lines, exact amounts by side, ISO days.',
        shown: [
          at('tests/end-to-end/books.spec.ts')('is the same book as CSV and as XLSX'),
          at('libs/books/render/render.spec.ts')(
            'keeps amounts exact, text harmless, and totals apart from lines',
          ),
        ],
      },
      {
        numbers: oc(7428, 7416),
        complaint: 'Each payment is typed in one by one, over three screens.',
        instead: 'One row of a file leads a payment through all its steps.',
        shown: [rows('goes through all its steps in one import')],
      },
      {
        numbers: oc(6933),
        complaint: 'Payments can not be marked paid together, and promises expire although the money came.',
        instead:
          'A file with more cells continues what an earlier one began; a promise never lapses by itself.',
        shown: [
          rows('is continued by a later import whose row has more cells'),
          traps(
            'OC#6930: money for a cancelled pledge fulfils nothing; it is over-received and the donor is asked',
          ),
        ],
      },
      {
        numbers: oc(7774),
        complaint: 'Exports do not say which bank line an entry belongs to.',
        instead: 'Every match names the line and the entries, who made it or which rule.',
        shown: [lines('says who is what, by whom or which rule')],
      },
      {
        numbers: oc(1025),
        complaint: 'A refund and what it refunds do not come to nothing.',
        instead:
          'What went back voids the units that came: the gift, the donor and the account all stand at nothing.',
        shown: [ours('corrections')('OC#1025: a gift refunded whole leaves nothing anywhere')],
      },
      {
        numbers: erp(54823, 35440),
        complaint:
          'One bank line can not settle many entries, or many lines one; only one of them is cleared.',
        instead: 'Both are matches like any other, and each side is used once.',
        shown: [
          match('one line settles many entries under one reference, and many lines one entry'),
          lines('gives parts that are matched apart, and can be made anew while they are open'),
        ],
      },
      {
        numbers: erp(36448),
        complaint: 'Candidates for a bank line look alike.',
        instead: 'They are ranked with their reasons, and what stays ambiguous is left to a person.',
        shown: [
          match('what is ambiguous stays for a person'),
          match('stand by weight, then day and id; sums are among them'),
        ],
      },
      {
        numbers: erp(41069, 47077),
        complaint: 'An entry is matched and has no day on which it was cleared.',
        instead: 'Nobody writes such a day: the line has it, and the statement is right for any day asked.',
        shown: [
          banking(
            'the bank’s balance is the books’ and the listed items, to the đồng, on any day of any history',
          ),
        ],
      },
      {
        numbers: oca(65),
        complaint: 'Statement numbers come again each year, and the new statement is skipped without a word.',
        instead: 'Lines are known by what they are, never by the number of their statement.',
        shown: [ours('banking')('OCA#65: a statement number that comes again skips nothing')],
      },
      {
        numbers: oca(77, 83),
        complaint: 'Files that overlap during a day record lines twice.',
        shown: [
          banking('in any order, overlapping and repeated, lead to the lines of the account, each once'),
        ],
      },
      {
        numbers: oca(61),
        complaint: 'A file with several statements is read as one.',
        shown: [bankFile('of several accounts is several statements')],
      },
      {
        numbers: oca(106),
        complaint: 'What a bulk entry consists of stands in another kind of file (camt.054).',
        notShown: 'camt.054 is not read; a bulk line is split by hand, and its parts must come to the line.',
      },
      {
        numbers: ['duofy#25'],
        complaint: 'Two equal bookings on one day are taken for one.',
        shown: [
          banking('with two equal lines on a day have two lines, and both in each file that covers the day'),
        ],
      },
      {
        numbers: petra(375),
        complaint: 'The parts of a split do not come to the line.',
        shown: [lines('that does not come to the line, or of no line, is refused')],
      },
      {
        numbers: petra(349),
        complaint: 'What the same payer was matched to last month is not used.',
        shown: [match('a rule is learned from people who agree, and unlearned when they do not')],
      },
      {
        numbers: petra(319),
        complaint: 'A match can not be undone.',
        shown: [lines('is undone with a reason, and both sides are open again')],
      },
      {
        numbers: petra(664),
        complaint: 'Bank lines are not held against what sponsors promised.',
        instead: 'A pledge has a reference for the transfer, which is found in any narrative.',
        shown: [match('a reference is found however the bank cut the narrative')],
      },
    ],
  },
  {
    title: 'Corrections after the fact',
    complaints: [
      {
        numbers: oc(7482),
        complaint:
          'To correct an entry it is reversed and made again by hand, in two steps that can come apart.',
        shown: [corrections('and recorded again under another restriction, is one decision')],
      },
      {
        numbers: oc(8034),
        complaint: 'Only the day was wrong, and the edit was blocked.',
        shown: [ours('corrections')('OC#8034: a wrong day is put right, also of a gift that is used')],
      },
      {
        numbers: oc(6591, 5485),
        complaint: 'Nothing can be corrected once the money is spent.',
        instead:
          'Used units are covered by others, and what nothing covers is listed until the next units fill it.',
        shown: [
          corrections('used in part, has what was used covered by equal units of the pool'),
          corrections('used more than the pool has left, lists the rest, which the next units fill'),
        ],
      },
      {
        numbers: oc(4369, 3008, 6929, 8715),
        complaint: 'Somebody edits the database, or a script does, and no trace is left.',
        instead: 'A changed byte does not fit its hash, nor the tree over all of them.',
        shown: [
          at('apps/cli/verify/verify.spec.ts')('in an amount: the hash and the tree tell'),
          at('apps/cli/verify/verify.spec.ts')('in a balance: replaying gives another row'),
        ],
      },
      {
        numbers: civi(7880),
        complaint: 'A gift wrongly marked complete is put right with SQL.',
        shown: [corrections('unused, has its units voided')],
      },
      {
        numbers: civi(32921),
        complaint: 'The amount was edited and its line kept the old one.',
        instead: 'One fact says the difference; everything else is worked out from it.',
        shown: [
          corrections('upwards, mints the difference as the next units of its pool'),
          corrections('downwards, voids the last of its free units'),
        ],
      },
      {
        numbers: civi(11444, 7409, 9577, 10980),
        complaint: 'After an edit the financial rows are wrong.',
        instead:
          'Entries are a pure function of the events; over random histories they agree with the units.',
        shown: [
          entries('of vn-public: what is not used of each source is what the units of that source say'),
        ],
      },
      {
        numbers: civi(33753),
        complaint: 'Amounts of another currency end up in the wrong rows.',
        instead:
          'An amount never stands without its commodity; sums of two commodities are never one figure.',
        shown: [ours('corrections')('CiviCRM PR 33753: euro and đồng never meet in one sum')],
      },
      {
        numbers: petra(315),
        complaint: 'A posting into a closed period is moved to the open one without a word.',
        instead: 'It is refused; what belongs to a closed year is booked in the open one and says so.',
        shown: [
          ours('corrections')('OpenPetra#315: nothing is moved to another period by itself'),
          at('tests/end-to-end/periods.spec.ts')(
            'a year is worked, locked, closed, and what is found later stands in the next one',
          ),
        ],
      },
      {
        numbers: petra(333, 345, 346),
        complaint: 'A batch can not be reversed in whole or in part.',
        instead:
          'A file of reversals names the rows it takes back; a payment to many comes back line by line, or all of it.',
        shown: [
          batch('name the rows they correct by their refs'),
          at('libs/funds/domain/book.spec.ts')('is delivered less what was returned before, line by line'),
          at('libs/funds/domain/scattered.spec.ts')(
            'is finished when all of it came back, after delivery or before',
          ),
        ],
      },
      {
        numbers: petra(448),
        complaint: 'An adjustment that was cancelled left a flag, and the gift was missing from the receipt.',
        instead: 'There are no flags: a gift is what its events say.',
        shown: [ours('corrections')('OpenPetra#448: an adjustment taken back leaves the gift as it was')],
      },
      {
        numbers: [...erp(27244), 'odoo#1008'],
        complaint: 'A cancellation dated back changes a closed year.',
        shown: [
          closed('of a closed year stand in the open book, and the closed figures stay'),
          at('tests/end-to-end/closed-books.spec.ts')(
            'says for ever what it said at its close, whatever is found later (history %i)',
          ),
        ],
      },
    ],
  },
  {
    title: 'Restrictions',
    complaints: [
      {
        numbers: npsp(863, 764, 1050),
        complaint: 'More is allocated than was given.',
        shown: [ours('restrictions')('NPSP#863, #764, #1050: no more is set aside or used than there is')],
      },
      {
        numbers: npsp(3088),
        complaint: 'Shares of 99.999999 % block an edit.',
        instead: 'Parts are whole units that add up; there are no percentages.',
        shown: [
          at('libs/kernel/split.spec.ts')(
            'the parts sum to the total, lie within one unit of their share, and favour the largest remainders',
          ),
        ],
      },
      {
        numbers: npsp(3434),
        complaint: 'Two defaults of 100 % each.',
        shown: [
          ours('restrictions')('NPSP#3434: parts that come to more or less than the whole are refused'),
        ],
      },
      {
        numbers: npsp(5699),
        complaint: 'An edit puts a gift back to the default fund.',
        shown: [corrections('keeps its units, and says who was named before')],
      },
      {
        numbers: npsp(5955),
        complaint: 'The batch is said to have failed and the gift is there.',
        shown: [
          ledger('appends both or neither'),
          batch('stops all of a batch that stands or falls as one, before anything is booked'),
        ],
      },
      {
        numbers: [...npsp(2636, 1832), ...petra(71)],
        complaint: 'Gifts land in a default fund that nobody chose.',
        shown: [ours('restrictions')('NPSP#2636, #1832, OpenPetra#71: there is no default fund or account')],
      },
      {
        numbers: ['gratipay finances#8'],
        complaint: 'Restricted money is shown as income of the operation.',
        shown: [entries('is income with restrictions, and released when it is used')],
      },
      {
        numbers: ['whatdotheyknow-theme#1093', 'operations-fc#15'],
        complaint: 'Money moves to another purpose without evidence and without an entry.',
        shown: [
          ours('restrictions')(
            'whatdotheyknow#1093, operations-fc#15: a release takes evidence and leaves an entry',
          ),
        ],
      },
    ],
  },
  {
    title: 'Goods and receipts',
    complaints: [
      {
        numbers: ['donrec#23'],
        complaint: 'A gift that is deductible in part is receipted in full.',
        doesNotApply:
          'A receipt of a children’s fund states what came, and no share of it that a tax office would deduct.',
      },
      {
        numbers: ['donrec#90'],
        complaint: 'A withdrawn receipt can not be issued again.',
        shown: [
          corrections('is written anew under the next number, and the series goes on after that'),
          printed('stays in its series, says so on paper, and its successor names it'),
        ],
      },
      {
        numbers: ['donrec#5'],
        complaint: 'A receipt does not say who issued it.',
        instead: 'A voucher names the unit that makes it, with its address.',
        shown: [
          printed('is read with the seven contents, Nợ and Có of the profile, and the name of the payer'),
          printed('on paper is a draft until it is printed'),
        ],
      },
      {
        numbers: ['oca donation#147'],
        complaint: 'One receipt mixes goods and money.',
        instead: 'A receipt has one commodity; goods are in a store, money is not.',
        shown: [ours('receipts')('OCA donation PR 147: goods and money are never one receipt')],
      },
      {
        numbers: ['cdntaxreceipts#21'],
        complaint: 'Auditors ask about numbers that are skipped.',
        instead: 'Series have no gaps, and voided numbers are listed with what replaced them.',
        shown: [ours('receipts')('CDNTaxReceipts#21: series have no gap, and what is voided is listed')],
      },
      {
        numbers: ['cdntaxreceipts#40'],
        complaint: 'Receipts can not be looked at before they are issued.',
        instead:
          'A voucher is a draft until it is printed, and every command can be tried before it is sent.',
        shown: [
          printed('on paper is a draft until it is printed'),
          ledger('answers what would be appended and leaves nothing'),
        ],
      },
      {
        numbers: petra(562, 646),
        complaint: 'A receipt is printed twice and nobody sees which is the copy.',
        instead:
          'The first print is the original, each later one a numbered copy, on paper and in the record.',
        shown: [
          printed('are counted: the first is the original, later ones copies'),
          printed('with another mark than their number are found out'),
        ],
      },
      {
        numbers: ['asymmetric-al core#578'],
        complaint: 'Receipts are edited in place and sorted by when they were made.',
        instead: 'A correction is a new fact in the order of the log, and names what it corrects.',
        shown: [
          corrections('and corrected again, says so of what it says now'),
          at('libs/funds/read-models/balances.spec.ts')(
            'at every position and any day are the fold of the events known by then',
          ),
        ],
      },
    ],
  },
  {
    title: 'Control and privacy',
    complaints: [
      {
        numbers: oc(3081),
        complaint: 'The number of approvals can not be set.',
        instead: 'Rules by kind and amount ask for one or two persons, from a day on.',
        shown: [
          approvals('at the amount one approval draws, above it the first records and the second draws'),
          at('libs/funds/domain/approvals-history.spec.ts')(
            'nothing is done without as many different persons as the rules ask for, whatever is sent (property)',
          ),
        ],
      },
      {
        numbers: oc(8570),
        complaint: 'People approve what is paid to themselves.',
        shown: [approvals('nobody is counted twice, nor who made it, changed it or is paid')],
      },
      {
        numbers: oc(4729, 2927),
        complaint: 'Addresses of payees and attachments are seen by more people than need them.',
        instead:
          'Names, texts and files stand in the vault; the log and every book hold commitments and hashes.',
        shown: [
          served(
            'gives a name back by the commitment that the event holds, and the event never holds the name',
          ),
          served('keeps an evidence file, which a delivery names, and gives it back to who names themselves'),
        ],
      },
    ],
  },
  {
    title: 'Speed and batches',
    complaints: [
      {
        numbers: give(7982, 8340, 2383, 5257),
        complaint: 'A dashboard takes half a minute, a total of a year a minute and gigabytes.',
        instead:
          'Balances are kept by segments: any two dates at a million events within the bound of the design.',
        measured: 'tests/bench/projections.bench.ts',
      },
      {
        numbers: give(5475),
        complaint: 'A list of 100 gifts asks the database 933 times.',
        instead:
          'Journal, payments and pools ask as often for one row as for many; the list of donors three times a donor.',
        shown: [ours('queries')('GiveWP#5475: a list asks as often for many rows as for one')],
      },
      {
        numbers: npsp(2804, 4231, 4207),
        complaint: 'Rows of busy accounts are locked, and work times out.',
        instead:
          'Commands on one book are decided in memory, one after another, and lock nothing: a hot book is nearly as fast.',
        measured: 'tests/bench/event-log.bench.ts',
      },
      {
        numbers: npsp(6704, 6757),
        complaint: 'A batch gets stuck half way.',
        shown: [
          rows('stops where a step is refused, and goes on from there when the row is mended'),
          batch('that was mended is entered by the same file once more, and the others are there already'),
        ],
      },
      {
        numbers: npsp(6252),
        complaint: 'One bad row fails the good ones.',
        shown: [
          batch('is refused with its code, and blocks no other'),
          served('answers each line for itself, and the same again'),
        ],
      },
      {
        numbers: ['openspp#5'],
        complaint: 'A registry of 500,000 people is slow.',
        notShown: 'The registry of beneficiaries was not measured at that size.',
      },
    ],
  },
  {
    title: 'Public numbers',
    complaints: [
      {
        numbers: social(235),
        complaint: 'What is held is not what is still to be paid.',
        instead: 'What came in is available, committed or paid, to the unit, in every pool.',
        shown: [
          at('libs/funds/read-models/balances.spec.ts')(
            'of pools: received and moved in, less moved out, is available, committed, paid or lost',
          ),
        ],
      },
      {
        numbers: social(927, 967, 997),
        complaint: 'Pages disagree with one another or show figures somebody typed in.',
        instead: 'Every view is a fold of the same events and says at which position it stands.',
        shown: [
          at('libs/funds/read-models/balances.spec.ts')(
            'by place and by fund have the same sums, whatever is not specified',
          ),
          demo(
            'receives by district, with what is not specified, what it receives by fund, at any pair of dates',
          ),
        ],
      },
      {
        numbers: [...social(1687), ...give(5358)],
        complaint: 'Gifts that renew are missing from the goal.',
        instead: 'A recurring gift is a receipt like any other when its money is there.',
        shown: [
          traps(
            'NPSP#6408, #7234: all instalments are there from the start, and an index is never used again',
          ),
        ],
      },
    ],
  },
  {
    title: 'Pledges',
    complaints: [
      {
        numbers: civi('CRM-17469'),
        complaint: 'What was scheduled is credited, not what came.',
        shown: [traps('CRM-17469: received money fulfils, never what was scheduled for the day')],
      },
      {
        numbers: civi('CRM-19110', 'CRM-14995'),
        complaint: 'An edit adds instalments, or loses contributions.',
        shown: [
          traps(
            'CRM-19110, CRM-14995: an amendment leaves settled instalments as they are, and adds none twice',
          ),
        ],
      },
      {
        numbers: npsp(3824),
        complaint: 'A pledge that got more than it promised never closes.',
        shown: [traps('NPSP#3824: more than was pledged closes it, and the excess is a quantity of its own')],
      },
      {
        numbers: npsp(4368),
        complaint: 'A write-off is counted twice.',
        shown: [traps('NPSP#4368: a write-off is not counted twice')],
      },
      {
        numbers: npsp(4036),
        complaint: 'A second write-off deletes the first.',
        shown: [traps('NPSP#4036: a second write-off adds to the first and deletes nothing')],
      },
      {
        numbers: npsp(4389, 4744, 4461),
        complaint: 'Money is matched to an instalment that was written off.',
        shown: [traps('NPSP#4389, #4744, #4461: what is written off leaves the match set')],
      },
      {
        numbers: npsp(1729),
        complaint: 'A schedule from a 31st has eleven instalments.',
        shown: [traps('NPSP#1729: a schedule from a 31st promises so many instalments as it says')],
      },
      {
        numbers: npsp(6408, 7234),
        complaint: 'Instalments are made twice, or the next one while one is open.',
        shown: [
          traps(
            'NPSP#6408, #7234: all instalments are there from the start, and an index is never used again',
          ),
        ],
      },
      {
        numbers: oc(6934),
        complaint: 'A recurring transfer counts although no money came.',
        shown: [traps('OC#6934: what is expected is never received, however long ago it was due')],
      },
      {
        numbers: oc(6930),
        complaint: 'Money for a cancelled pledge has nowhere to go.',
        shown: [
          traps(
            'OC#6930: money for a cancelled pledge fulfils nothing; it is over-received and the donor is asked',
          ),
        ],
      },
    ],
  },
];
