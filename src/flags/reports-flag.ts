import * as Flags from '@oclif/core/flags'

/** Where the reports of drills lie. */
export const reportsFlag = {
  reports: Flags.string({helpValue: 'FOLDER', default: 'reports', summary: 'folder that holds the reports of drills'}),
}
