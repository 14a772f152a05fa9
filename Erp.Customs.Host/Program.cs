using Erp.Customs.Host.Verbs;

// A verb is one file in Verbs/ and one line here; the first one is meant when none is named.
Verb[] verbs =
[
    ServeVerb.Verb,
    DemoVerb.Verb,
    UploadVerb.Verb,
    SignVerb.Verb,
    ArchiveVerb.Verb,
    EvidenceVerb.Verb,
    MigrateVerb.Verb,
    PasswordVerb.Verb,
];

return await VerbTable.RunAsync(verbs, args);
