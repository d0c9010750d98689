using System.Buffers.Binary;

namespace Ext4.Corpus.Tests;

/// <summary>
/// Changes one to three fields of a sound image and repairs the checksums over them; <see cref="Restore"/> makes it sound again. One
/// copy of the image serves all its mutants. Kinds are chosen first, so that the many directory blocks do not crowd out the one superblock.
/// </summary>
internal sealed class Mutator
{
    private const int MostChanges = 3;

    // A lie in the superblock or a descriptor often refuses the mount, which tests little: they come up less often than the rest.
    private const int RareShare = 12;

    private readonly byte[] _image;
    private readonly Random _random;
    private readonly Anatomy _anatomy;
    private readonly HurtfulValues _values;
    private readonly Sealer _sealer;
    private readonly Structure[][] _common;
    private readonly Structure[][] _rare;
    private readonly List<(long Offset, byte[] Bytes)> _undo = [];

    public Mutator(byte[] image, int seed)
    {
        _image = image;
        _random = new Random(seed);
        _anatomy = new Anatomy(image);
        _values = new HurtfulValues(_anatomy, _random);
        _sealer = new Sealer(_anatomy, image);
        ILookup<bool, Structure[]> kinds = _anatomy.Structures.GroupBy(s => s.Kind).Select(kind => kind.ToArray())
            .ToLookup(kind => IsRare(kind[0].Kind));
        _rare = [.. kinds[true]];
        _common = [.. kinds[false]];
    }

    public byte[] Image => _image;

    public Change[] Mutate()
    {
        var changes = new Change[1 + _random.Next(MostChanges)];
        for (int i = 0; i < changes.Length; i++) changes[i] = ChangeOne();
        return changes;
    }

    public void Restore()
    {
        for (int i = _undo.Count - 1; i >= 0; i--) _undo[i].Bytes.CopyTo(_image, _undo[i].Offset);
        _undo.Clear();
    }

    private static bool IsRare(StructureKind kind) =>
        kind is StructureKind.Superblock or StructureKind.GroupDescriptor or >= StructureKind.JournalSuperblock;

    private Change ChangeOne()
    {
        Structure[][] kinds = _random.Next(100) < RareShare ? _rare : _common;
        Structure[] kind = kinds[_random.Next(kinds.Length)];
        Structure structure = kind[_random.Next(kind.Length)];
        Field field = Choose(structure);
        Keep(structure);
        Span<byte> place = _image.AsSpan((int)structure.Offset + field.Offset, field.Width);
        bool bigEndian = structure.Kind >= StructureKind.JournalSuperblock;
        ulong before = Read(place, bigEndian);
        ulong after = _values.For(field, before);
        Write(place, after, bigEndian);
        _sealer.Seal(structure);
        return new Change(structure.Kind, structure.Offset, field.Name, before, after);
    }

    private void Keep(Structure structure)
    {
        // Attributes and data inside an inode are sealed by the inode around them, so all of that has to come back.
        Structure whole = structure.Kind is StructureKind.AttributesInInode or StructureKind.InlineData
            ? _anatomy.Structures.First(s => s.Kind == StructureKind.Inode && s.Owner == structure.Owner)
            : structure;
        _undo.Add((whole.Offset, _image.AsSpan((int)whole.Offset, whole.Length).ToArray()));
    }

    private Field Choose(Structure structure)
    {
        if (structure.Kind == StructureKind.DirectoryBlock) return DirectoryField(structure);
        IReadOnlyList<Field> fields = FieldTable.Of(structure.Kind);
        Field field;
        do field = fields[_random.Next(fields.Count)];
        while (field.Offset + field.Width > structure.Length);
        return field;
    }

    // The records of a directory block have no fixed place: one is found by following their lengths.
    private Field DirectoryField(Structure structure)
    {
        var records = new List<int>();
        for (int offset = 0; offset + 12 <= structure.Length;)
        {
            records.Add(offset);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(_image.AsSpan((int)structure.Offset + offset + 4));
            if (length < 12) break;
            offset += length;
        }

        int record = records[_random.Next(records.Count)];
        return _random.Next(5) switch
        {
            0 => new Field("inode", record, 4, Meaning.Inode),
            1 => new Field("rec_len", record + 4, 2, Meaning.Length),
            2 => new Field("name_len", record + 6, 1, Meaning.Length),
            3 => new Field("file_type", record + 7, 1, Meaning.Count),
            _ => new Field("name", record + 8, 1, Meaning.Text),
        };
    }

    private static ulong Read(ReadOnlySpan<byte> place, bool bigEndian)
    {
        ulong value = 0;
        for (int i = 0; i < place.Length; i++) value = (value << 8) | place[bigEndian ? i : place.Length - 1 - i];
        return value;
    }

    private static void Write(Span<byte> place, ulong value, bool bigEndian)
    {
        for (int i = 0; i < place.Length; i++)
        {
            place[bigEndian ? place.Length - 1 - i : i] = (byte)value;
            value >>= 8;
        }
    }
}
