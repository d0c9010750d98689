using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Ext4.Tests")]
[assembly: InternalsVisibleTo("Ext4.Corpus.Tests")]
