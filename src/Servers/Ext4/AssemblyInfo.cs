[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Ext4.Tests")]
