//! Commands of this room: the log, disposal, backups and keys.

use crate::{
    access::log::{AccessLine, AccessListRequest, access_list},
    anchors::{AnchorPlace, anchor_places},
    office::command::{Nothing, commands},
    records::{
        audit::{AnchorResponse, AuditLine, AuditListRequest, anchor_export, audit_list},
        backup::{BackupLine, BackupRequest, BackupResponse, backup_create, backup_list},
        backup_key::{
            BackupKeyMake, BackupKeyOffer, BackupKeyProof, BackupKeyView, backup_key_ask,
            backup_key_confirm, backup_key_make, backup_key_view,
        },
        check::{
            VerifyProgress, VerifyRequest, VerifyResponse, verify, verify_progress, verify_stop,
        },
        disposal::{
            DisposalApprove, DisposalOverview, DisposalPropose, DisposalRef, DisposalRefuse,
            DisposalView, disposal_approve, disposal_carry_out, disposal_propose, disposal_refuse,
            lists::disposal_overview,
            paper::{DisposalPaper, disposal_print},
        },
        encryption::{
            EncryptionSet, EncryptionView, PhraseView, encryption_get, encryption_set, new_phrase,
        },
        salvage::{SalvageReport, SalvageRequest, salvage_progress, salvage_run, salvage_stop},
    },
};

commands! {
    "audit.list", "Events as they are chained.", Auditor(reads Records), AuditListRequest => Vec<AuditLine>,
        |c, r| audit_list(c.office, c.eyes()?, r).await?;
    "audit.verify", "Whether the log is whole, by itself and against an anchor.", Auditor(stale Records), VerifyRequest => VerifyResponse,
        |c, r| verify(c.office, r.anchor.as_deref(), c.lang).await?;
    "audit.progress", "How far a running check has come.", Auditor, Nothing => VerifyProgress,
        |c, r| verify_progress(c.office);
    "audit.stop", "Stops a running check.", Auditor, Nothing => VerifyProgress,
        |c, r| verify_stop(c.office);
    "audit.anchor", "The log's end as a small text to be kept elsewhere.", Auditor(stale Records), Nothing => AnchorResponse,
        |c, r| anchor_export(c.office, c.me()?).await?;
    "audit.places", "The folders in which anchors are left, and whether what stands there holds.", Auditor(reads Records | Institution), Nothing => Vec<AnchorPlace>,
        |c, r| anchor_places(c.office).await?;
    "access.list", "Who opened, revealed, printed or took out what, when and why.", Auditor(reads Records), AccessListRequest => Vec<AccessLine>,
        |c, r| access_list(c.office, c.me()?, r).await?;
    "disposal.list", "Cases whose retention has ended, and the lists for disposal.", Reader(reads Records | Cases), Nothing => DisposalOverview,
        |c, r| disposal_overview(c.office, c.me()?).await?;
    "disposal.propose", "Puts cases whose retention has ended on a list.", Administrator(stale Records | Cases), DisposalPropose => DisposalView,
        |c, r| disposal_propose(c.office, c.me()?, r).await?;
    "disposal.approve", "Approves a list with a signature; two people other than its maker do.", Worker(stale Records | Cases), DisposalApprove => DisposalView,
        |c, r| disposal_approve(c.office, c.me()?, r).await?;
    "disposal.refuse", "Refuses a list; its cases stay.", Worker(stale Records | Cases), DisposalRefuse => DisposalView,
        |c, r| disposal_refuse(c.office, c.me()?, r).await?;
    "disposal.carry_out", "Erases what an approved list names.", Administrator(stale Records | Case | Cases), DisposalRef => DisposalView,
        |c, r| disposal_carry_out(c.office, c.me()?, r).await?;
    "disposal.print", "The list on paper, for signing and keeping.", Worker, DisposalRef => DisposalPaper,
        |c, r| disposal_print(c.office, c.me()?, r).await?;
    "encryption.get", "Whether the office's folder is encrypted, and whether it can be.", Anyone(reads Records), Nothing => EncryptionView,
        |c, r| encryption_get(c.office, c.session).await?;
    "encryption.set", "Encrypts the office's folder, or decrypts it.", Administrator(stale Records | Session), EncryptionSet => EncryptionView,
        |c, r| encryption_set(c.office, c.me()?, r).await?;
    "encryption.new_phrase", "A new recovery phrase, shown once; the one before is void.", Administrator(stale Records), Nothing => PhraseView,
        |c, r| new_phrase(c.office, c.me()?).await?;
    "backup_key.get", "The institution's backup key: in force, asked for, and what a backup is sealed to.", Auditor(reads Records | People), Nothing => BackupKeyView,
        |c, r| backup_key_view(c.office, c.me()?).await?;
    "backup_key.ask", "Asks for a backup key; a second person makes and keeps it.", Administrator(stale Records | People), Nothing => BackupKeyView,
        |c, r| backup_key_ask(c.office, c.me()?).await?;
    "backup_key.make", "Makes the backup key that was asked for and shows its secret half, to whoever will keep it.", Reader, BackupKeyMake => BackupKeyOffer,
        |c, r| backup_key_make(c.office, c.eyes()?, r).await?;
    "backup_key.confirm", "Puts the backup key in force; its keeper has the secret half on paper.", Reader(stale Records | People), BackupKeyProof => BackupKeyView,
        |c, r| backup_key_confirm(c.office, c.eyes()?, r).await?;
    "salvage.run", "Brings what is whole of the office into a new folder on the machine that keeps it; the office stays as it is.", Administrator(stale Records), SalvageRequest => SalvageReport,
        |c, r| salvage_run(c.office, c.me()?, r, c.lang).await?;
    "salvage.progress", "How far a running salvage has come.", Administrator, Nothing => VerifyProgress,
        |c, r| salvage_progress(c.office);
    "salvage.stop", "Stops a running salvage; nothing of it is left.", Administrator, Nothing => VerifyProgress,
        |c, r| salvage_stop(c.office);
    "backup.list", "The backups that were made.", Administrator(reads Records), Nothing => Vec<BackupLine>,
        |c, r| backup_list(c.office).await?;
    "backup.create", "One encrypted file with everything.", Administrator(stale Records), BackupRequest => BackupResponse,
        |c, r| backup_create(c.office, c.me()?, r).await?;
}
