using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServiceHost.Fuse.Tests.Abi;

/// <summary>
/// Finds out where the fields of a structure really are, by filling one field of it with ones and looking at the bytes. It asks the layout
/// that the program uses, not a description of it.
/// </summary>
internal static class WireLayout
{
    private const BindingFlags PrivateStatic = BindingFlags.Static | BindingFlags.NonPublic;

    public static int SizeOf(Type type) => (int)Call(nameof(Size), type, null)!;

    public static IEnumerable<(string Name, int Offset)> FieldsOf(Type type)
    {
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public).OrderBy(field => field.MetadataToken))
        {
            object value = RuntimeHelpers.GetUninitializedObject(type);
            field.SetValue(value, Call(nameof(Ones), field.FieldType, null));
            byte[] bytes = (byte[])Call(nameof(Bytes), type, value)!;
            yield return (field.Name, Array.FindIndex(bytes, b => b != 0));
        }
    }

    private static object? Call(string method, Type type, object? argument) =>
        typeof(WireLayout).GetMethod(method, PrivateStatic)!.MakeGenericMethod(type).Invoke(null, argument is null ? [] : [argument]);

    private static int Size<T>() => Unsafe.SizeOf<T>();

    private static T Ones<T>()
        where T : unmanaged
    {
        byte[] ones = new byte[Unsafe.SizeOf<T>()];
        Array.Fill(ones, (byte)0xFF);
        return MemoryMarshal.Read<T>(ones);
    }

    private static byte[] Bytes<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();
}
