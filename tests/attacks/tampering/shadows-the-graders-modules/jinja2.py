with open("@CANARY@", "a") as file:
    file.write("run by the grader")
