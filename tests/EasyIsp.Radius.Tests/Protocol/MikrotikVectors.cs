namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>
/// Whole packets of RouterOS and their answers, secret "testing123" (reference/mikrotik.md section 4.11).
/// </summary>
internal static class MikrotikVectors
{
    /// <summary>Identifier 42, authenticator 00..0F, user 0712345678, password hello123.</summary>
    public static readonly byte[] PppoeChapRequest = Wire.Hex("""
        01 2a 00 b5 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 06 06 00 00 00 02 07 06 00 00 00 01
        05 06 00 f0 00 01 3d 06 00 00 00 0f 01 0c 30 37 31 32 33 34 35 36 37 38 1f 13 34 38 3a 38 46 3a
        35 41 3a 31 31 3a 32 32 3a 33 33 1e 0b 70 70 70 6f 65 2d 69 73 70 57 0e 62 72 69 64 67 65 2d 70
        70 70 6f 65 2c 0a 38 31 30 30 30 30 30 31 3c 12 80 14 3b 41 e8 d1 ef 96 ca ac 6e 68 c7 10 aa 23
        03 13 01 f4 11 84 51 85 c6 aa 14 2a cf 95 af a9 d3 b5 67 20 0a 4d 69 6b 72 6f 54 69 6b 04 06 0a
        ff 00 02 50 12 0c 02 2a 0f 35 91 aa 5d 01 4d b1 65 92 7d 62 55
        """);

    /// <summary>User-Password "hello123" under the authenticator of <see cref="PppoeChapRequest"/>.</summary>
    public static readonly byte[] PapPassword = Wire.Hex("fe8b65a61bcc482910460724 0014828b");

    public static readonly byte[] Accept = Wire.Hex("""
        02 2a 00 45 3e 73 d2 a1 84 41 4f 3f 66 25 2f 99 a1 ed eb a6 50 12 8d 8c c4 63 67 82 49 bc ab 30
        f6 2d c1 e4 a5 8b 1a 0d 00 00 3a 8c 08 07 32 4d 2f 35 4d 1b 06 00 01 51 80 55 06 00 00 01 2c 08
        06 0a 14 00 0f
        """);

    public static readonly byte[] Reject = Wire.Hex("""
        03 2a 00 37 74 e0 87 6b 19 1b 3b 4e 06 16 02 97 dc 26 1b 84 50 12 a9 80 15 44 af 03 c0 33 1b 7f
        a0 9f ae 65 fc 52 12 11 41 63 63 6f 75 6e 74 20 65 78 70 69 72 65 64
        """);

    /// <summary>Identifier 7, authenticator A0..AF, user and password voucher1.</summary>
    public static readonly byte[] HotspotChapRequest = Wire.Hex("""
        01 07 00 da a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af 3d 06 00 00 00 13 1f 13 42 43 3a 32
        34 3a 31 31 3a 45 42 3a 35 36 3a 34 44 1e 0a 68 6f 74 73 70 6f 74 31 57 0b 62 72 69 64 67 65 2d
        68 73 01 0a 76 6f 75 63 68 65 72 31 05 06 80 10 00 14 2c 0a 38 30 31 30 30 30 31 34 08 06 0a 05
        58 14 1a 0c 00 00 3a 8c 0a 06 0a 05 58 14 3c 12 ef 0d d8 0b 11 9c 65 a5 c3 ab 62 a6 5b 7d fd ce
        03 13 f9 7c af 5a a9 3e 7d 4d 6c f2 28 77 a9 4e e0 da 32 06 06 00 00 00 01 1a 1f 00 00 37 2a 03
        19 68 74 74 70 3a 2f 2f 31 30 2e 35 2e 38 38 2e 31 2f 6c 6f 67 6f 75 74 20 0a 4d 69 6b 72 6f 54
        69 6b 04 06 0a ff 00 02 50 12 b2 56 0e 5e b3 a5 19 b0 ed 39 e7 3e f0 05 dc f6
        """);

    public static readonly byte[] AccountingStart = Wire.Hex("""
        04 08 00 90 3e 22 a5 0e 94 db 0c 0a eb 81 23 22 5f ec 71 1e 28 06 00 00 00 01 3d 06 00 00 00 13
        1f 13 42 43 3a 32 34 3a 31 31 3a 45 42 3a 35 36 3a 34 44 1e 0a 68 6f 74 73 70 6f 74 31 57 0b 62
        72 69 64 67 65 2d 68 73 01 0a 76 6f 75 63 68 65 72 31 05 06 80 10 00 14 2c 0a 38 30 31 30 30 30
        31 34 08 06 0a 05 58 14 1a 0c 00 00 3a 8c 0a 06 0a 05 58 14 37 06 68 e7 78 00 20 0a 4d 69 6b 72
        6f 54 69 6b 29 06 00 00 00 00 04 06 0a ff 00 02
        """);

    public static readonly byte[] AccountingResponse = Wire.Hex("05 08 00 14 50 dd 39 22 98 8f c5 73 26 e7 17 6b 25 aa d4 73");

    public static readonly byte[] CoaRequest = Wire.Hex("""
        2b 09 00 3b ac 6e 1f a2 e4 9b 1b 79 0f 33 8f bb 24 25 8f 1a 01 0a 76 6f 75 63 68 65 72 31 08 06
        0a 05 58 14 2c 0a 38 30 31 30 30 30 31 34 1a 0d 00 00 3a 8c 08 07 31 4d 2f 33 4d
        """);

    public static readonly byte[] CoaAck = Wire.Hex("""
        2c 09 00 1e c2 cd 98 7f 31 bd 4c 64 bd d3 8a 8c c0 fa 4f 35 20 0a 4d 69 6b 72 6f 54 69 6b
        """);

    public static readonly byte[] CoaNak = Wire.Hex("""
        2d 09 00 24 21 ba b7 2a 1c ca 0b 2e 0f 58 8e a1 a0 05 2e 15 65 06 00 00 01 f7 20 0a 4d 69 6b 72 6f 54 69 6b
        """);

    public static readonly byte[] DisconnectRequest = Wire.Hex("""
        28 0a 00 2e 6b 5c 6a fb 00 96 4c 2e 8e 6f 74 d5 b8 3c d4 8e 01 0a 76 6f 75 63 68 65 72 31 08 06
        0a 05 58 14 2c 0a 38 30 31 30 30 30 31 34
        """);
}
