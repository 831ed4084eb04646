def test_a_school_is_counted_once(app, make):
    school = make.school()
    head = make.manager(school)
    assert head.school_id == school.id
