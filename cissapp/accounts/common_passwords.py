"""Passwords that everybody tries first; only those long enough to matter."""

COMMON = frozenset(
    """
    passwordpassword password1234 password12345 password123456 passw0rd1234 qwertyuiop123 qwerty123456
    qwertyuiop12 1q2w3e4r5t6y 1q2w3e4r5t6y7u 123456789012 1234567890123 12345678901234 123456789012345
    1234567890123456 iloveyou1234 letmein12345 welcome12345 welcome123456 administrator administrator1
    administrator123 adminadmin123 abcdefghijkl abcdefghijklm abcdefghijklmno abc123456789 qazwsxedcrfv
    qazwsxedcrfvtgb zaq12wsxcde3 1qaz2wsx3edc 1qaz2wsx3edc4rfv changeme1234 changeme12345 school123456
    schoolschool school1234567 director1234 teacher12345 internet1234 internet12345 moldova12345
    ukraine12345 belarus12345 chisinau1234 kyivkyivkyiv minskminsk12 parola123456 parolaparola
    parol1234567 parolparol12 пароль123456 парольпароль йцукенгшщзхъ qwertyqwerty qwerty1234567
    asdfghjkl123 zxcvbnm12345 trustno1trustno1 monkey123456 dragon123456 sunshine1234 princess1234
    football1234 baseball1234 superman1234 111111111111 000000000000 123123123123 121212121212
    987654321098 0987654321098 aaaaaaaaaaaa correcthorsebatterystaple
    """.split()
)
