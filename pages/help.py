"""Help: the office's answers to what operators and owners ask, and its telephone."""

import streamlit as st

from ui import words
from ui.session import portal

_STEPS_OPERATORS = """\
1. On Home, under Operators, choose **Register as an operator**.
2. Fill in your contact details; fields with * are required. Choose **Create account**, then confirm your e-mail.
3. In **My profile**, enter your Operator ID. If you do not know it, look it up in the Operator Listing Report.
4. Under **My certificates**, choose **Add** and enter the certificate's number, type, class and expiry date.
5. Repeat for every certificate or licence. Mistakes are mended with **Edit** and **Delete** under Action.
6. Review your profile, tick the User Agreement and choose **Submit for verification**. To edit again, untick it first.
7. **Account overview** shows *Pending verification*. An e-mail tells you when your profile is active.
8. Once it is active, enter your availability and where you can work in **Account overview**, and save."""

_STEPS_OWNERS = """\
1. On Home, under Owners, choose **Register as an owner**.
2. Fill in your contact details; fields with * are required. Choose **Create account**, then confirm your e-mail.
3. In **My facilities**, name your organization, choose **Add** and enter the facility's certificate number and name.
4. Repeat for every facility. Mistakes are mended with **Edit** and **Delete** under Action.
5. Review your facilities, tick the User Agreement and choose **Submit for verification**. To edit again, untick it first.
6. **Account overview** shows *Pending verification*. An e-mail tells you when your facility profile is active.
7. Once it is active, search by location, certificate type and class, and availability in **Find operators**.
8. Open a result to see the credentials and, with a further click, the contact details."""


def _answers(telephone: str) -> dict[str, dict[str, str]]:
    """The questions and answers, by whom they are for. Our words, after the ministry's page on the portal."""
    office = (
        f"Call the Ontario Water Wastewater Certification Office (OWWCO) at {telephone}, or write to it through "
    )
    office += "the contact page of its website, with any question about the portal or your profile."
    return {
        "For everybody": {
            "Who can use the portal?": "Every certified or licensed operator can register, and every owner or "
            "operating authority that looks for staff. A registered operator can be found by region, availability, "
            "certificate type and class, and is then contacted directly by owners.",
            "Whom do I ask for support?": office,
        },
        "For operators": {
            "Why is my account not active?": "Most likely the office is still verifying your certificates. If it needs "
            f"more, it contacts you directly. You can reach it at {telephone}.",
            "What if I cannot work for a while?": "Switch your availability off in Account overview: you are not found "
            "any more. Switch it on again when you can work; what you had set is still there.",
            "I set Mondays and Wednesdays; now I can work Fridays too. Can I change that?": "Yes, at any time, in "
            "Account overview: the days, day or night shifts, and where you can work.",
            "Where is my list of matches? Why has nobody called?": "The portal shows your profile to owners whose "
            "search it fits; they contact you directly with what your profile says. Keep your certificates, your "
            "availability and your contact details up to date. Account overview shows who opened your contact details.",
            "Will I be paid?": "Pay and terms are between you and the owner who contacts you.",
        },
        "For owners": {
            "Why should I use the portal?": "It shows you available, verified operators by region, certificate type and "
            "class, and lets you reach them directly. You remain responsible for making sure that an operator is "
            "trained, experienced and able to do the work you assign. The Government of Ontario, and those who work on "
            "its behalf, are not responsible for loss or damage that comes from using the portal, from an offer of "
            "services made through it, or from accepting one.",
            "Can owners of First Nation systems register?": "Yes, to find certified operators for their drinking water "
            "systems and wastewater facilities.",
            "Can owners of systems that Ontario does not regulate register?": "Yes, if they employ or mean to employ "
            "certified operators: First Nation communities and owners of systems on federal land, for example.",
            "How do I know that a profile is accurate and current?": "The office verifies each certificate against "
            "what it has on file before a profile can be found, and profiles are aligned with the public operator "
            "listing. Each result says when it was checked.",
            "My search found nobody. Is there nobody?": "Perhaps; but try a broader region, fewer days or a lower "
            "class. New operators register every week, so look again.",
            "How do I reach an operator?": "Open the profile and choose to show the contact details: e-mail and "
            "telephone. Hiring, pay and other details are arranged directly between you.",
        },
    }


def render() -> None:
    telephone = portal().settings.office_telephone
    words.title("Help", f"The certification office answers at {telephone}; the most common questions are below.")
    st.subheader("Step by step", anchor=False)
    with st.expander("Registering as an operator"):
        st.markdown(_STEPS_OPERATORS)
    with st.expander("Registering as an owner"):
        st.markdown(_STEPS_OWNERS)
    for whom, answers in _answers(telephone).items():
        st.subheader(whom, anchor=False)
        for question, answer in answers.items():
            with st.expander(question):
                st.write(answer)
    st.link_button("Accessibility of the portal", "/accessibility")
